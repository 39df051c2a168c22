namespace WebhookKit.Signing;

/// <summary>The three header names of Standard Webhooks under one prefix.</summary>
internal sealed class HeaderNames
{
    /// <exception cref="ArgumentException">The prefix cannot begin a header name.</exception>
    public HeaderNames(string prefix)
    {
        Id = RequirePrefix(prefix) + "-id";
        Timestamp = prefix + "-timestamp";
        Signature = prefix + "-signature";
    }

    public string Id { get; }

    public string Timestamp { get; }

    public string Signature { get; }

    public static string RequirePrefix(string prefix) => SignatureScheme.IsValidHeaderPrefix(prefix)
        ? prefix
        : throw new ArgumentException("The header prefix must be 1 to 64 ASCII letters, digits or '-', without '-' at either end.", nameof(prefix));
}
