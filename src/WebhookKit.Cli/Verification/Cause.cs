namespace WebhookKit.Cli.Verification;

/// <summary>What a person has to mend.</summary>
internal enum Cause
{
    None = 0,
    MissingHeader,
    MalformedHeader,
    Clock,
    Key,
    Body,
    Url,
}
