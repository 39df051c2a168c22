using System.Text.Json;

namespace WebhookKit.Subscriptions.Internal;

/// <summary>One condition of a filter, on a value of the payload; one that is not there is of the kind undefined.</summary>
internal abstract class FilterNode
{
    public abstract bool Matches(JsonElement value);
}

internal sealed class AllOf(FilterNode[] conditions) : FilterNode
{
    public override bool Matches(JsonElement value)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Matches(value))
            {
                return false;
            }
        }

        return true;
    }
}

internal sealed class AnyOf(FilterNode[] conditions) : FilterNode
{
    public override bool Matches(JsonElement value)
    {
        foreach (var condition in conditions)
        {
            if (condition.Matches(value))
            {
                return true;
            }
        }

        return false;
    }
}

internal sealed class Not(FilterNode condition) : FilterNode
{
    public override bool Matches(JsonElement value) => !condition.Matches(value);
}

internal sealed class Exists(bool expected) : FilterNode
{
    public override bool Matches(JsonElement value) => (value.ValueKind != JsonValueKind.Undefined) == expected;
}

/// <summary>A condition on a member; of an array, on the member of one of its objects.</summary>
internal sealed class Member(string name, FilterNode condition) : FilterNode
{
    public override bool Matches(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return MatchesIn(value);
        }

        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Object && MatchesIn(element))
            {
                return true;
            }
        }

        return value.GetArrayLength() == 0 && condition.Matches(default);
    }

    private bool MatchesIn(JsonElement value) => condition.Matches(
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default);
}
