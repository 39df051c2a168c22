namespace WebhookKit.Sources;

/// <summary>The form of a source's name: a route segment, a configuration key and part of a claim.</summary>
internal static class SourceName
{
    public const int MaxLength = 64;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
