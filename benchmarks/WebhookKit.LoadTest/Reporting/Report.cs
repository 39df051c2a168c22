using System.Text.Json;
using System.Text.Json.Nodes;
using WebhookKit.LoadTest.Processes;

namespace WebhookKit.LoadTest.Reporting;

/// <summary>One JSON object on the last line; what else is said goes to standard error.</summary>
internal sealed class Report(string command)
{
    private readonly JsonObject _json = new() { ["command"] = command };
    private readonly List<string> _problems = [];

    public Report With(string name, double? value) => Set(name, JsonValue.Create(Median.Round(value)));

    public Report With(string name, object? value) => Set(name, JsonSerializer.SerializeToNode(value, Json.Options));

    /// <summary>Adds what makes the figures worthless.</summary>
    public void AddProblems(IEnumerable<string> problems) => _problems.AddRange(problems);

    /// <returns>The exit code: 1 when there was a problem.</returns>
    public int Print()
    {
        Set("problems", JsonSerializer.SerializeToNode(_problems, Json.Options));
        Console.WriteLine(_json.ToJsonString(Json.Options));
        return _problems.Count == 0 ? 0 : 1;
    }

    private Report Set(string name, JsonNode? value)
    {
        _json[name] = value;
        return this;
    }
}
