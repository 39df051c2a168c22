using System.Text.Json;

namespace WebhookKit.Subscriptions.Internal;

/// <summary>Turns the JSON of a filter into its conditions; what is wrong becomes a <see cref="FormatException"/> with its place.</summary>
internal sealed class FilterParser
{
    private const string Operators =
        "$eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $startsWith, $endsWith, $exist, $and, $or, $not";

    private int _conditions;

    public static JsonDocumentOptions Options => new() { MaxDepth = ContentFilter.MaxDepth, AllowDuplicateProperties = false };

    public FilterNode ParseRoot(JsonElement root) => ParseObject(root, "$", isRoot: true);

    private AllOf ParseObject(JsonElement value, string path, bool isRoot)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "is not an object. Write { … } with members of the payload or operators");
        }

        var conditions = new List<FilterNode>();
        foreach (var property in value.EnumerateObject())
        {
            conditions.Add(ParseMember(property.Name, property.Value, path, isRoot));
            if (++_conditions > ContentFilter.MaxConditions)
            {
                throw new FormatException($"The filter has more than {ContentFilter.MaxConditions} conditions. Use fewer; $in holds many values.");
            }
        }

        return conditions.Count > 0
            ? new AllOf([.. conditions])
            : throw Wrong(path, isRoot ? "is empty. Leave the filter out to get every message" : "is empty. To ask for the member, write { \"$exist\": true }");
    }

    private FilterNode ParseMember(string name, JsonElement value, string path, bool isRoot)
    {
        var place = $"{path}.{name}";
        if (name.StartsWith("$$", StringComparison.Ordinal))
        {
            return new Member(name[1..], ParseCondition(value, place));
        }

        if (!name.StartsWith('$'))
        {
            return new Member(name, ParseCondition(value, place));
        }

        return name switch
        {
            "$and" => new AllOf(ParseList(value, place, element => ParseObject(element, place, isRoot))),
            "$or" => new AnyOf(ParseList(value, place, element => ParseObject(element, place, isRoot))),
            "$not" => new Not(ParseObject(value, place, isRoot)),
            _ when isRoot => throw Wrong(place, "stands outside any member. Around members only $and, $or and $not are known"),
            "$exist" => value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new Exists(value.GetBoolean())
                : throw Wrong(place, "is not true or false"),
            "$in" => ParseAny(value, place),
            "$nin" => new Not(ParseAny(value, place)),
            "$eq" => Compare(FilterOperator.Equal, value, place),
            "$neq" => new Not(Compare(FilterOperator.Equal, value, place)),
            "$gt" => Compare(FilterOperator.Greater, value, place),
            "$gte" => Compare(FilterOperator.GreaterOrEqual, value, place),
            "$lt" => Compare(FilterOperator.Less, value, place),
            "$lte" => Compare(FilterOperator.LessOrEqual, value, place),
            "$startsWith" => Compare(FilterOperator.StartsWith, value, place),
            "$endsWith" => Compare(FilterOperator.EndsWith, value, place),
            _ => throw Wrong(place, $"is no operator. Known are {Operators}; a member whose name begins with $ is written with two"),
        };
    }

    private FilterNode ParseCondition(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => ParseObject(value, path, isRoot: false),
        JsonValueKind.Array => throw Wrong(path, "is an array. Write { \"$in\": [ … ] } to ask for one of several values"),
        _ => Compare(FilterOperator.Equal, value, path),
    };

    private AnyOf ParseAny(JsonElement value, string path) =>
        new(ParseList(value, path, element => Compare(FilterOperator.Equal, element, path)));

    private static FilterNode[] ParseList(JsonElement value, string path, Func<JsonElement, FilterNode> parse) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray().Select(parse)]
            : throw Wrong(path, "is not an array with at least one element");

    private static Comparison Compare(FilterOperator @operator, JsonElement value, string path)
    {
        if (!FilterLiteral.IsLiteral(value))
        {
            throw Wrong(path, "is not a text, number, true, false or null. Compare the members of objects one by one");
        }

        var literal = new FilterLiteral(value);
        return @operator switch
        {
            FilterOperator.Equal => new Comparison(@operator, literal),
            FilterOperator.StartsWith or FilterOperator.EndsWith => literal.Text is { Length: > 0 }
                ? new Comparison(@operator, literal)
                : throw Wrong(path, "is not a text of at least one character"),
            _ => literal.IsOrdered ? new Comparison(@operator, literal) : throw Wrong(path, "is not a number or a text"),
        };
    }

    private static FormatException Wrong(string path, string what) => new($"The filter's {path} {what}.");
}
