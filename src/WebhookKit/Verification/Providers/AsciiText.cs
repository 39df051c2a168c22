using System.Buffers;

namespace WebhookKit.Verification;

/// <summary>What a text is made of.</summary>
internal static class AsciiText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Range('!')]);
    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Range(' ')]);

    public static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);

    public static bool IsVisible(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Visible);

    public static bool IsPrintable(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Printable);

    private static IEnumerable<char> Range(char first) => Enumerable.Range(first, '~' - first + 1).Select(code => (char)code);
}
