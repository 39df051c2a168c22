using System.Text.Json;

namespace WebhookKit.Subscriptions.Internal;

/// <summary>A text, number, truth value or null of a filter.</summary>
internal sealed class FilterLiteral
{
    private readonly JsonValueKind _kind;
    private readonly decimal? _exact;
    private readonly double _number;

    public FilterLiteral(JsonElement value)
    {
        _kind = value.ValueKind;
        if (_kind == JsonValueKind.String)
        {
            Text = value.GetString();
        }
        else if (_kind == JsonValueKind.Number)
        {
            _exact = value.TryGetDecimal(out var exact) ? exact : null;
            _number = value.GetDouble();
        }
    }

    /// <summary>The text, or <see langword="null"/> where it is none.</summary>
    public string? Text { get; }

    public bool IsOrdered => _kind is JsonValueKind.String or JsonValueKind.Number;

    public static bool IsLiteral(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    public bool Equals(JsonElement value) => _kind == value.ValueKind && _kind switch
    {
        JsonValueKind.String => value.ValueEquals(Text),
        JsonValueKind.Number => CompareNumber(value) == 0,
        _ => true,
    };

    /// <summary>Where the value stands to this: above zero when it is greater.</summary>
    /// <returns><see langword="null"/> when the two have no order.</returns>
    public int? Compare(JsonElement value) => _kind != value.ValueKind ? null : _kind switch
    {
        JsonValueKind.String => string.CompareOrdinal(value.GetString(), Text),
        JsonValueKind.Number => CompareNumber(value),
        _ => null,
    };

    // Beyond what a decimal holds, near enough is equal.
    private int CompareNumber(JsonElement value) =>
        _exact is { } exact && value.TryGetDecimal(out var other) ? other.CompareTo(exact) : value.GetDouble().CompareTo(_number);
}
