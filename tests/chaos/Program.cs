using System.Text.Json;
using WebhookKit.Chaos;
using WebhookKit.Chaos.Duplicates;
using WebhookKit.Chaos.Nodes;

if (args is [NodeProcess.Command])
{
    return await NodeHost.RunAsync();
}

if (args is [ReceivingNode.Command])
{
    return await ReceivingNode.RunAsync();
}

if (args is [DuplicatesOptions.Command, .. var duplicatesArguments])
{
    return await DuplicatesCommand.RunAsync(duplicatesArguments);
}

ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args, seed: Environment.ProcessId ^ Environment.TickCount);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n{ChaosOptions.Usage}");
    return 2;
}

var folder = options.Folder is { } kept
    ? Directory.CreateDirectory(kept)
    : Directory.CreateTempSubdirectory("webhookkit-chaos-");
var verdict = await new ChaosRun(options, folder.FullName, TimeProvider.System, Console.Error).RunAsync();
foreach (var violation in verdict.Seen.GroupBy(violation => violation.Invariant).SelectMany(seen => seen.Take(10)))
{
    Console.Error.WriteLine($"{violation.Invariant}: {violation.What}");
}

if (options.Folder is null && verdict.IsGood)
{
    folder.Delete(recursive: true);
}
else
{
    Console.Error.WriteLine($"Ledgers and logs of the nodes are in {folder.FullName}.");
}

Console.WriteLine(JsonSerializer.Serialize(verdict, new JsonSerializerOptions(JsonSerializerDefaults.Web)));
return verdict.IsGood ? 0 : 1;
