namespace WebhookKit.Verification;

/// <summary>Reads a header that must be there on one line.</summary>
internal static class HeaderLine
{
    public const int MaxLength = 8192;

    /// <summary>Returns the line, or null and in <paramref name="refusal"/> what to say of the signature it should hold.</summary>
    public static string? ReadSignature(WebhookHeaders headers, string name, out VerificationStatus refusal)
    {
        var lines = headers[name];
        refusal = lines.Count switch
        {
            0 => VerificationStatus.MissingSignature,
            1 => VerificationStatus.MalformedSignature,
            _ => VerificationStatus.DuplicateSignature,
        };
        return lines.Count == 1 && lines[0] is { Length: > 0 and <= MaxLength } line ? line : null;
    }

    /// <summary>Returns the line; null when it is missing, repeated, empty or longer than any sender's.</summary>
    public static string? Read(WebhookHeaders headers, string name) =>
        headers[name] is [{ Length: > 0 and <= MaxLength } line] ? line : null;
}
