using Microsoft.Extensions.Primitives;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class WebhookHeadersTests
{
    [Fact]
    public void Create_SeveralLinesOfOneName_KeepsThemApart()
    {
        var headers = WebhookHeaders.Create([new("X-Id", "a"), new("other", "c"), new("x-id", "b")]);

        Assert.Equal(new StringValues(["a", "b"]), headers["X-ID"]);
        Assert.Equal("c", headers["Other"]);
        Assert.Equal(0, headers["absent"].Count);
    }

    [Fact]
    public void Create_TwoEmptyLines_AreTwoLines() =>
        Assert.Equal(2, WebhookHeaders.Create([new("x-id", ""), new("x-id", "")])["x-id"].Count);

    [Fact]
    public void Wrap_Dictionary_SeesItsLaterChanges()
    {
        var dictionary = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var headers = WebhookHeaders.Wrap(dictionary);
        dictionary["X-Id"] = "a";

        Assert.Equal("a", headers["x-id"]);
    }

    [Fact]
    public void Default_HasNoHeader() => Assert.Equal(0, default(WebhookHeaders)["x-id"].Count);
}
