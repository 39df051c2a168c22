using System.Text;

namespace WebhookKit.Verification;

/// <summary>Where a provider repeats the token that it shares with the receiver.</summary>
internal sealed record TokenRule
{
    private const string Basic = "Basic";

    public required string Header { get; init; }

    /// <summary>The authentication scheme before the token (RFC 9110, 11.4); with <c>Basic</c> secrets are <c>user:password</c>.</summary>
    public string? Scheme { get; init; }

    /// <summary>The parameter of the query that holds the token when the header is not there.</summary>
    public string? QueryParameter { get; init; }

    public string? ValidateSecret(string? secret) => KeyText.Validate(secret, KeyForm.Text)
        ?? (Scheme == Basic && !secret!.Contains(':', StringComparison.Ordinal)
            ? "The secret is not 'user:password': give the two that the provider was told, joined by a colon."
            : null);

    public string Expected(string secret) => Scheme == Basic ? Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) : secret;

    /// <summary>Returns the token of a header line; null when the scheme is another.</summary>
    public string? Read(string? line)
    {
        if (Scheme is null || line is null)
        {
            return string.IsNullOrEmpty(line) ? null : line;
        }

        return line.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && line.AsSpan(Scheme.Length) is [' ', _, ..]
            ? line[(Scheme.Length + 1)..]
            : null;
    }
}
