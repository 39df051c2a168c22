using System.Text.RegularExpressions;
using WebhookKit.EventTypes;

namespace WebhookKit.Tests.EventTypes;

public sealed class EventTypeNameTests
{
    [Theory]
    [InlineData("order")]
    [InlineData("order.paid")]
    [InlineData("Order_2.line_item.ADDED")]
    [InlineData("_")]
    public void IsValid_DottedSegments_GivesTrue(string name)
    {
        Assert.True(EventTypeName.IsValid(name));
        Assert.True(EventTypeName.IsValidPattern(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".order")]
    [InlineData("order.")]
    [InlineData("order..paid")]
    [InlineData("order paid")]
    [InlineData("order-paid")]
    [InlineData("order/paid")]
    [InlineData("ordér")]
    [InlineData("order\n")]
    [InlineData("order\0")]
    public void IsValid_AnythingElse_GivesFalse(string name)
    {
        Assert.False(EventTypeName.IsValid(name));
        Assert.False(EventTypeName.IsValidPattern(name));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("order.*", true)]
    [InlineData("*.paid", true)]
    [InlineData("order.*.paid", true)]
    [InlineData("*.*", true)]
    [InlineData("order*", false)]
    [InlineData("order.p*", false)]
    [InlineData("**", false)]
    [InlineData("order.**", false)]
    [InlineData("*.", false)]
    public void IsValidPattern_Wildcards_MustBeWholeSegments(string pattern, bool valid)
    {
        Assert.Equal(valid, EventTypeName.IsValidPattern(pattern));
        Assert.False(EventTypeName.IsValid(pattern));
    }

    [Fact]
    public void IsValid_Length_IsAtMostTheMaximum()
    {
        Assert.True(EventTypeName.IsValid(new string('a', EventTypeName.MaxLength)));
        Assert.False(EventTypeName.IsValid(new string('a', EventTypeName.MaxLength + 1)));
    }

    [Theory]
    [InlineData("order.paid", "order.paid", true)]
    [InlineData("order.paid", "order.Paid", false)]
    [InlineData("order.paid", "order", false)]
    [InlineData("order", "order.paid", false)]
    [InlineData("order.paid", "order.paid.late", false)]
    [InlineData("order.pai", "order.paid", false)]
    [InlineData("*", "order", true)]
    [InlineData("*", "order.line.added", true)]
    [InlineData("order.*", "order.paid", true)]
    [InlineData("order.*", "order.line.added", true)]
    [InlineData("order.*", "order", false)]
    [InlineData("order.*", "orders.paid", false)]
    [InlineData("*.paid", "order.paid", true)]
    [InlineData("*.paid", "order.line.paid", false)]
    [InlineData("*.paid", "paid", false)]
    [InlineData("order.*.paid", "order.line.paid", true)]
    [InlineData("order.*.paid", "order.paid", false)]
    [InlineData("order.*.paid", "order.a.b.paid", false)]
    [InlineData("*.*", "order", false)]
    [InlineData("*.*", "order.line.added", true)]
    public void Matches_PatternAndName_GivesWhatTheRuleSays(string pattern, string name, bool matches) =>
        Assert.Equal(matches, EventTypeName.Matches(pattern, name));

    [Fact]
    public void Matches_RandomPatternsAndNames_AgreesWithARegularExpression()
    {
        var random = new Random(42);
        var matched = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = Segments(random, "a", "b", "*");
            var name = Segments(random, "a", "b", "ab");
            var segments = pattern.Split('.');
            var expression = string.Join("\\.", segments.Select((segment, index) => segment != "*"
                ? segment
                : index == segments.Length - 1 ? "[ab]+(\\.[ab]+)*" : "[ab]+"));
            var expected = Regex.IsMatch(name, $"^{expression}$", RegexOptions.None, TimeSpan.FromSeconds(10));

            Assert.True(expected == EventTypeName.Matches(pattern, name), $"{pattern} against {name}: {expected}");
            matched += expected ? 1 : 0;
        }

        Assert.InRange(matched, 1_000, 19_000);
    }

    private static string Segments(Random random, params string[] choices) =>
        string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => choices[random.Next(choices.Length)]));
}
