using System.Buffers;

namespace WebhookKit.EventTypes;

/// <summary>The rules for event-type names and the patterns that subscriptions are made of.</summary>
/// <remarks>
/// A name is dot-separated segments of ASCII letters, digits and <c>_</c>, as Standard Webhooks recommends
/// (1.0.0, "Event types").
/// </remarks>
public static class EventTypeName
{
    /// <summary>The longest name or pattern, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> SegmentCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Says whether the text is an event-type name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) => AreSegments(name, wildcards: false);

    /// <summary>Says whether the text is a pattern: a name in which whole segments may be <c>*</c>.</summary>
    public static bool IsValidPattern(ReadOnlySpan<char> pattern) => AreSegments(pattern, wildcards: true);

    /// <summary>Says whether a pattern covers a name.</summary>
    /// <remarks>
    /// A last segment <c>*</c> covers one or more segments (<c>invoice.*</c> covers <c>invoice.paid</c> and
    /// <c>invoice.line.added</c>); elsewhere <c>*</c> covers exactly one. The pattern <c>*</c> covers every name.
    /// </remarks>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (true)
        {
            var patternSegment = TakeSegment(ref pattern, out var lastOfPattern);
            if (patternSegment is "*" && lastOfPattern)
            {
                return true;
            }

            var nameSegment = TakeSegment(ref name, out var lastOfName);
            if (patternSegment is not "*" && !patternSegment.SequenceEqual(nameSegment))
            {
                return false;
            }

            if (lastOfPattern || lastOfName)
            {
                return lastOfPattern && lastOfName;
            }
        }
    }

    private static bool AreSegments(ReadOnlySpan<char> text, bool wildcards)
    {
        if (text.IsEmpty || text.Length > MaxLength)
        {
            return false;
        }

        bool last;
        do
        {
            var segment = TakeSegment(ref text, out last);
            if (segment.IsEmpty || (segment.ContainsAnyExcept(SegmentCharacters) && !(wildcards && segment is "*")))
            {
                return false;
            }
        }
        while (!last);
        return true;
    }

    private static ReadOnlySpan<char> TakeSegment(ref ReadOnlySpan<char> text, out bool last)
    {
        var dot = text.IndexOf('.');
        last = dot < 0;
        var segment = last ? text : text[..dot];
        text = last ? [] : text[(dot + 1)..];
        return segment;
    }
}
