using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using WebhookKit.Subscriptions.Internal;

namespace WebhookKit.Subscriptions;

/// <summary>The part of a subscription that looks at members of the payload; a JSON object such as <c>{"data":{"amount":{"$gte":100}}}</c>.</summary>
/// <remarks>
/// <para>
/// Members name members of the payload, and all must hold. A plain value asks for equality; an object holds operators or
/// further members: <c>$eq $neq $gt $gte $lt $lte $in $nin $startsWith $endsWith $exist</c>, and over whole objects
/// <c>$and $or $not</c>. A member whose own name begins with <c>$</c> is written with two.
/// </para>
/// <para>
/// A condition on an array holds when it holds for one of its elements. Numbers are compared by value, texts character by
/// character without regard to culture, so that UTC times in one ISO 8601 form compare in time order. Values of different
/// kinds are never equal, and neither is greater. A member that is not there equals nothing: <c>$neq</c>, <c>$nin</c> and
/// <c>$not</c> hold for it.
/// </para>
/// </remarks>
public sealed class ContentFilter
{
    /// <summary>The longest filter, in characters: 8,192.</summary>
    public const int MaxLength = 8_192;

    /// <summary>How deep objects and arrays may be nested in a filter: 16.</summary>
    public const int MaxDepth = 16;

    /// <summary>The most conditions in a filter: 100.</summary>
    public const int MaxConditions = 100;

    private readonly string _text;
    private readonly FilterNode _root;

    private ContentFilter(string text, FilterNode root)
    {
        _text = text;
        _root = root;
    }

    /// <summary>Reads a filter.</summary>
    /// <exception cref="FormatException">The text is not a filter; the message says where, and what cures it.</exception>
    public static ContentFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var filter, out var error) ? filter : throw new FormatException(error);
    }

    /// <summary>Reads a filter, or says in <paramref name="error"/> what is wrong with it and what cures that.</summary>
    /// <param name="text">The filter, a JSON object.</param>
    /// <param name="filter">The filter, when the text is one.</param>
    /// <param name="error">One or two sentences, with the place as a path such as <c>$.data.amount</c>.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out ContentFilter? filter,
        [NotNullWhen(false)] out string? error)
    {
        filter = null;
        if (text is null || text.Length > MaxLength)
        {
            error = text is null ? "There is no filter." : $"The filter has {text.Length} characters. Use at most {MaxLength}.";
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, FilterParser.Options);
            filter = new ContentFilter(text, new FilterParser().ParseRoot(document.RootElement));
            error = null;
            return true;
        }
        catch (JsonException exception)
        {
            error = "The filter is not a JSON object without repeated members, or is nested deeper than "
                + $"{MaxDepth} levels (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).";
        }
        catch (FormatException exception)
        {
            error = exception.Message;
        }
        catch (InvalidOperationException)
        {
            error = "A text of the filter is not valid Unicode: half of a surrogate pair stands alone.";
        }

        return false;
    }

    /// <summary>Says whether a payload meets the filter.</summary>
    /// <exception cref="InvalidOperationException">A text of the payload that the filter looks at is not valid Unicode.</exception>
    public bool Matches(JsonElement payload) => _root.Matches(payload);

    /// <summary>Returns the filter as it was given.</summary>
    public override string ToString() => _text;
}
