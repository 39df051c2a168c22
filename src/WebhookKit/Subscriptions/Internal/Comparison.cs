using System.Text.Json;

namespace WebhookKit.Subscriptions.Internal;

/// <summary>Compares a value, or one of an array's elements, with a literal of the filter.</summary>
internal sealed class Comparison(FilterOperator @operator, FilterLiteral literal) : FilterNode
{
    public override bool Matches(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Holds(value);
        }

        foreach (var element in value.EnumerateArray())
        {
            if (Holds(element))
            {
                return true;
            }
        }

        return false;
    }

    private bool Holds(JsonElement value) => @operator switch
    {
        FilterOperator.Equal => literal.Equals(value),
        FilterOperator.StartsWith => value.ValueKind == JsonValueKind.String
            && value.GetString()!.StartsWith(literal.Text!, StringComparison.Ordinal),
        FilterOperator.EndsWith => value.ValueKind == JsonValueKind.String
            && value.GetString()!.EndsWith(literal.Text!, StringComparison.Ordinal),
        _ => literal.Compare(value) is { } order && @operator switch
        {
            FilterOperator.Greater => order > 0,
            FilterOperator.GreaterOrEqual => order >= 0,
            FilterOperator.Less => order < 0,
            _ => order <= 0,
        },
    };
}
