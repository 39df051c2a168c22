using System.Text.Json;

namespace WebhookKit.EndToEnd.Tests.LoadProgram;

/// <summary>A few messages through every command: the program itself checks that all of them arrived and are recorded.</summary>
public sealed class LoadProgramTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Drain_EachStore_PrintsEveryFigure(string store)
    {
        var run = await LoadRun.RunAsync("drain", "--store", store, "--messages", "500", "--endpoints", "5", "--runs", "1");

        AssertSound(run, "deliveredPerSecond", "floorPerSecond", "ratio", "allocatedBytesPerDelivery", "peakRssMiB");
        Assert.Equal(0, run.Figures.GetProperty("duplicates").GetInt32());
        // A server that somebody else runs may be unable to count.
        if (store == "postgres" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WEBHOOKKIT_POSTGRES")))
        {
            AssertPositive(run.Figures, "statementsPerDelivery", "walBytesPerDelivery");
            Assert.InRange(run.Figures.GetProperty("floor").GetProperty("statementsPerDelivery").GetDouble(), 0.001, 0.1);
            Assert.InRange(run.Figures.GetProperty("floor").GetProperty("walBytesPerDelivery").GetDouble(), 1_024, 6_000);
        }
    }

    [Theory]
    [InlineData("beside", "p99Ms", "--messages", "30000", "--endpoints", "5", "--saves-per-second", "20", "--seconds", "1")]
    [InlineData("publish", "ratio", "--messages", "100")]
    [InlineData("flow", "p99Ms", "--messages", "100", "--nodes", "2", "--apart", "--notify", "--endpoints", "5")]
    [InlineData("receive", "ratio", "--requests", "100")]
    [InlineData("scale", "ratio", "--messages", "100", "--history", "1000", "--endpoints", "20", "--empty-endpoints", "5")]
    [InlineData("noisy", "ratio", "--healthy", "5", "--hanging", "2", "--backlog", "200", "--seconds", "1", "--rate", "50")]
    public async Task Command_SmallRun_PrintsItsFigures(string command, string figure, params string[] options)
    {
        var run = await LoadRun.RunAsync([command, "--runs", "1", .. options]);

        AssertSound(run, figure);
    }

    [Fact]
    public async Task Drain_UnknownStore_IsRefusedNamingTheStores()
    {
        var run = await LoadRun.RunAsync("drain", "--store", "oracle");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("postgres", run.Error, StringComparison.Ordinal);
    }

    private static void AssertSound(LoadRun run, params string[] figures)
    {
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Empty(run.Figures.GetProperty("problems").EnumerateArray());
        AssertPositive(run.Figures, figures);
        Assert.True(run.Figures.GetProperty("conditions").GetProperty("cores").GetInt32() > 0);
        Assert.Equal(JsonValueKind.Array, Runs(run.Figures).ValueKind);
    }

    // Sides with runs of their own are named.
    private static JsonElement Runs(JsonElement figures) =>
        figures.GetProperty("runs") is { ValueKind: JsonValueKind.Object } sides ? sides.GetProperty("sender") : figures.GetProperty("runs");

    private static void AssertPositive(JsonElement figures, params string[] names) =>
        Assert.All(names, name => Assert.True(figures.GetProperty(name).GetDouble() > 0, name));
}
