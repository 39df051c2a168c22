namespace WebhookKit.Sources;

/// <summary>A secret and where it was found; prints only the latter.</summary>
internal readonly struct ConfiguredSecret(string text, string origin)
{
    public string Text => text;

    public string Origin => origin;

    public override string ToString() => origin;
}
