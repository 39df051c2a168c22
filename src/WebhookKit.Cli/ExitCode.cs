namespace WebhookKit.Cli;

/// <summary>What the tool ends with.</summary>
internal static class ExitCode
{
    public const int Yes = 0;

    public const int No = 1;

    public const int Usage = 2;
}
