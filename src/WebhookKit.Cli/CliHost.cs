namespace WebhookKit.Cli;

/// <summary>What the tool reads from and writes to.</summary>
internal sealed record CliHost(TextWriter Out, TextWriter Error, Func<Stream> OpenInput, Func<string, string?> GetVariable, TimeProvider TimeProvider)
{
    public static CliHost System { get; } =
        new(Console.Out, Console.Error, Console.OpenStandardInput, Environment.GetEnvironmentVariable, TimeProvider.System);
}
