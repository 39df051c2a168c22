using System.Text.Json;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>The command <c>receive</c>: prints one JSON line; 0 when nothing is wrong, else 1, and 2 for wrong arguments.</summary>
internal static class DuplicatesCommand
{
    public static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        DuplicatesOptions options;
        try
        {
            options = DuplicatesOptions.Parse(arguments, seed: Environment.ProcessId ^ Environment.TickCount);
        }
        catch (FormatException exception)
        {
            Console.Error.WriteLine($"{exception.Message}\n{DuplicatesOptions.Usage}");
            return 2;
        }

        var folder = options.Folder is { } kept
            ? Directory.CreateDirectory(kept)
            : Directory.CreateTempSubdirectory("webhookkit-chaos-");
        var verdict = await new DuplicatesRun(options, folder.FullName, TimeProvider.System, Console.Error).RunAsync();
        if (options.Folder is null && verdict.IsGood)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            Console.Error.WriteLine($"Logs of the receivers are in {folder.FullName}.");
        }

        Console.WriteLine(JsonSerializer.Serialize(verdict, new JsonSerializerOptions(JsonSerializerDefaults.Web)));
        return verdict.IsGood ? 0 : 1;
    }
}
