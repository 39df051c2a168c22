using System.Text;
using System.Text.Json;
using WebhookKit.Subscriptions;

namespace WebhookKit.Tests.Subscriptions;

public sealed class ContentFilterTests
{
    private const string Payload = """
        {
          "type": "invoice.paid",
          "$ref": "r1",
          "data": {
            "amount": 120.50, "big": 12345678901234567890123456789012345678901234567890, "currency": "EUR", "paid": true, "note": null,
            "at": "2026-11-25T18:00:00Z", "tags": ["a", "b"], "none": [], "mixed": [1, "x", null],
            "lines": [{ "sku": "A1", "count": 2 }, { "sku": "B2", "count": 7 }], "nested": [[1]], "müll": "ß"
          }
        }
        """;

    [Theory]

    // A plain value is equality.
    [InlineData("""{"type":"invoice.paid"}""", true)]
    [InlineData("""{"type":"invoice"}""", false)]
    [InlineData("""{"data":{"currency":"EUR","paid":true}}""", true)]
    [InlineData("""{"data":{"currency":"EUR","paid":false}}""", false)]
    [InlineData("""{"data":{"note":null}}""", true)]
    [InlineData("""{"data":{"müll":"\u00df"}}""", true)]
    [InlineData("""{"$$ref":"r1"}""", true)]

    // Numbers by value, never like texts.
    [InlineData("""{"data":{"amount":120.5}}""", true)]
    [InlineData("""{"data":{"amount":1.205e2}}""", true)]
    [InlineData("""{"data":{"amount":"120.50"}}""", false)]
    [InlineData("""{"data":{"amount":{"$gt":120.4999999999999999999}}}""", true)]
    [InlineData("""{"data":{"amount":{"$gt":120.5}}}""", false)]
    [InlineData("""{"data":{"amount":{"$gte":120.5,"$lt":121}}}""", true)]
    [InlineData("""{"data":{"amount":{"$lte":120}}}""", false)]
    [InlineData("""{"data":{"big":{"$gt":1e40}}}""", true)]
    [InlineData("""{"data":{"big":{"$lt":1e400}}}""", true)]
    [InlineData("""{"data":{"amount":{"$gt":"100"}}}""", false)]
    [InlineData("""{"data":{"amount":{"$lte":"100"}}}""", false)]

    // Texts, character by character.
    [InlineData("""{"data":{"at":{"$gte":"2026-11-25T00:00:00Z","$lt":"2026-11-26T00:00:00Z"}}}""", true)]
    [InlineData("""{"data":{"currency":{"$gt":"EU"}}}""", true)]
    [InlineData("""{"data":{"currency":"eur"}}""", false)]
    [InlineData("""{"type":{"$startsWith":"invoice."}}""", true)]
    [InlineData("""{"type":{"$startsWith":"Invoice."}}""", false)]
    [InlineData("""{"type":{"$endsWith":".paid"}}""", true)]
    [InlineData("""{"data":{"amount":{"$startsWith":"1"}}}""", false)]

    // What is not there, and what is null.
    [InlineData("""{"data":{"missing":{"$exist":false}}}""", true)]
    [InlineData("""{"data":{"note":{"$exist":true}}}""", true)]
    [InlineData("""{"data":{"missing":null}}""", false)]
    [InlineData("""{"data":{"missing":{"$neq":1}}}""", true)]
    [InlineData("""{"data":{"missing":{"$nin":[1]}}}""", true)]
    [InlineData("""{"data":{"missing":{"$lt":1}}}""", false)]
    [InlineData("""{"missing":{"deeper":{"$exist":false}}}""", true)]
    [InlineData("""{"type":{"deeper":{"$exist":true}}}""", false)]

    // Several values, and arrays.
    [InlineData("""{"data":{"currency":{"$in":["USD","EUR"]}}}""", true)]
    [InlineData("""{"data":{"currency":{"$nin":["USD","EUR"]}}}""", false)]
    [InlineData("""{"data":{"currency":{"$in":[1,null,true]}}}""", false)]
    [InlineData("""{"data":{"tags":"b"}}""", true)]
    [InlineData("""{"data":{"tags":{"$neq":"b"}}}""", false)]
    [InlineData("""{"data":{"tags":{"$neq":"c"}}}""", true)]
    [InlineData("""{"data":{"none":"a"}}""", false)]
    [InlineData("""{"data":{"none":{"$exist":true}}}""", true)]
    [InlineData("""{"data":{"mixed":null}}""", true)]
    [InlineData("""{"data":{"nested":1}}""", false)]
    [InlineData("""{"data":{"lines":{"sku":"B2","count":{"$gt":5}}}}""", true)]
    [InlineData("""{"data":{"lines":{"sku":"C3"}}}""", false)]
    [InlineData("""{"data":{"lines":{"$not":{"sku":"C3"}}}}""", true)]
    [InlineData("""{"data":{"none":{"sku":{"$exist":false}}}}""", true)]

    // Over whole objects.
    [InlineData("""{"$or":[{"type":"x"},{"data":{"paid":true}}]}""", true)]
    [InlineData("""{"$or":[{"type":"x"},{"data":{"paid":false}}]}""", false)]
    [InlineData("""{"$and":[{"type":"invoice.paid"},{"data":{"paid":true}}]}""", true)]
    [InlineData("""{"$not":{"type":"invoice.paid"}}""", false)]
    [InlineData("""{"$not":{"type":"x","data":{"paid":true}}}""", true)]
    [InlineData("""{"data":{"amount":{"$or":[{"$lt":1},{"$gt":100}]}}}""", true)]
    [InlineData("""{"data":{"$not":{"amount":{"$gt":100}}}}""", false)]
    public void Matches_Payload_FollowsTheFilter(string filter, bool expected)
    {
        using var payload = JsonDocument.Parse(Payload);

        Assert.Equal(expected, ContentFilter.Parse(filter).Matches(payload.RootElement));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Matches_PayloadIsNoObject_HasNoMembers(string payload)
    {
        using var document = JsonDocument.Parse(payload);

        Assert.False(ContentFilter.Parse("""{"a":1}""").Matches(document.RootElement));
    }

    [Theory]
    [InlineData("", "not a JSON object")]
    [InlineData("{", "not a JSON object")]
    [InlineData("""{"a":1,"a":2}""", "without repeated members")]
    [InlineData("[]", "$ is not an object")]
    [InlineData("{}", "$ is empty. Leave the filter out")]
    [InlineData("""{"a":{}}""", "$.a is empty")]
    [InlineData("""{"a":[1]}""", "$.a is an array. Write { \"$in\"")]
    [InlineData("""{"a":{"b":{"$regex":"x"}}}""", "$.a.b.$regex is no operator. Known are $eq")]
    [InlineData("""{"$gt":1}""", "$.$gt stands outside any member")]
    [InlineData("""{"$or":[{"$exist":true}]}""", "$.$or.$exist stands outside any member")]
    [InlineData("""{"$or":[]}""", "$.$or is not an array with at least one element")]
    [InlineData("""{"$and":{"a":1}}""", "$.$and is not an array")]
    [InlineData("""{"$not":1}""", "$.$not is not an object")]
    [InlineData("""{"a":{"$exist":1}}""", "$.a.$exist is not true or false")]
    [InlineData("""{"a":{"$in":"x"}}""", "$.a.$in is not an array")]
    [InlineData("""{"a":{"$in":[[1]]}}""", "$.a.$in is not a text, number, true, false or null")]
    [InlineData("""{"a":{"$eq":{"b":1}}}""", "$.a.$eq is not a text, number")]
    [InlineData("""{"a":{"$gt":true}}""", "$.a.$gt is not a number or a text")]
    [InlineData("""{"a":{"$startsWith":""}}""", "$.a.$startsWith is not a text of at least one character")]
    [InlineData("""{"a":"\ud800"}""", "not valid Unicode")]
    public void TryParse_NotAFilter_SaysWhereAndWhatCuresIt(string text, string expected)
    {
        Assert.False(ContentFilter.TryParse(text, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => ContentFilter.Parse(text)).Message);
    }

    [Fact]
    public void TryParse_BeyondABound_IsRefused()
    {
        AssertRefused($$"""{"a":"{{new string('x', ContentFilter.MaxLength)}}"}""", "characters");
        AssertRefused(Nested(ContentFilter.MaxDepth + 1), "deeper than 16 levels");
        AssertRefused($"{{{string.Join(',', Enumerable.Range(0, ContentFilter.MaxConditions + 1).Select(i => $"\"m{i}\":1"))}}}", "more than 100 conditions");
        Assert.True(ContentFilter.TryParse(Nested(ContentFilter.MaxDepth), out _, out _));
        Assert.True(ContentFilter.TryParse(
            $"{{{string.Join(',', Enumerable.Range(0, ContentFilter.MaxConditions).Select(i => $"\"m{i}\":1"))}}}", out _, out _));
    }

    [Fact]
    public void Parse_AnyMutationOfAFilter_IsReadOrRefusedAndNeverThrowsOtherwise()
    {
        var filter = Encoding.UTF8.GetBytes("""{"a":{"$in":[1,"x",null],"$not":{"b":{"$gt":-1.5e3}}},"$or":[{"$$c":true}]}""");
        var random = new Random(4711);
        using var payload = JsonDocument.Parse(Payload);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = (byte[])filter.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(32, 127);
            }

            if (ContentFilter.TryParse(Encoding.UTF8.GetString(mutated), out var parsed, out _))
            {
                parsed.Matches(payload.RootElement);
                read++;
            }
        }

        Assert.InRange(read, 100, 19_900);
    }

    [Fact]
    public void ToString_GivesTheTextBack() => Assert.Equal("""{ "a": 1 }""", ContentFilter.Parse("""{ "a": 1 }""").ToString());

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static void AssertRefused(string text, string expected)
    {
        Assert.False(ContentFilter.TryParse(text, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
