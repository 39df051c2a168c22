using System.CommandLine;

namespace WebhookKit.Cli.Input;

/// <summary>The option that every command has.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print JSON, one object a line." };
}
