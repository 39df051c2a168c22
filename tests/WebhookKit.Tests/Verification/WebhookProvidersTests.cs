using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class WebhookProvidersTests
{
    [Theory]
    [InlineData("standard-webhooks")]
    [InlineData("Standard-Webhooks")]
    public void TryGet_KnownName_FindsTheEntry(string name)
    {
        Assert.True(WebhookProviders.TryGet(name, out var provider));
        Assert.Same(WebhookProviders.StandardWebhooks, provider);
    }

    [Theory]
    [InlineData("")]
    [InlineData("standard")]
    public void TryGet_UnknownName_SaysNo(string name)
    {
        Assert.False(WebhookProviders.TryGet(name, out var provider));
        Assert.Null(provider);
    }

    [Fact]
    public void StandardWebhooks_Entry_SaysWhatAReceiverNeeds()
    {
        var provider = WebhookProviders.StandardWebhooks;

        Assert.Equal(["POST"], provider.Methods);
        Assert.Equal(["application/json"], provider.ContentTypes);
        Assert.Equal(("/data", "/type"), (provider.DataPointer, provider.EventTypePointer));
        Assert.Equal(TimeSpan.FromMinutes(5), provider.DefaultTolerance);
        Assert.Equal(TimeSpan.FromDays(7), provider.ClaimMemory);
    }

    [Fact]
    public void ClaimKeyMembers_NoPointer_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ClaimKeyRule.Members());
        Assert.Equal(["/a", "/b"], ClaimKeyRule.Members("/a", "/b").Pointers);
    }

    [Fact]
    public void ClaimKeyHeaders_NoName_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ClaimKeyRule.Headers());
        Assert.Equal(["ce-source", "ce-id"], ClaimKeyRule.Headers("ce-source", "ce-id").HeaderNames);
    }

    [Fact]
    public void ClaimKeyOtherwise_Several_AreTriedInTheirOrder()
    {
        var rule = ClaimKeyRule.Members("/a").Otherwise(ClaimKeyRule.Headers("b")).Otherwise(ClaimKeyRule.Request);

        Assert.Equal(["/a"], rule.Pointers);
        Assert.Equal(["b"], rule.Next!.HeaderNames);
        Assert.Same(ClaimKeyRule.Request, rule.Next.Next);
        Assert.Null(ClaimKeyRule.Request.Next);
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(6, 7)]
    [InlineData(7, 8)]
    [InlineData(30, 31)]
    public void ClaimMemory_ByRetrySpan_IsADayMoreAndAtLeastAWeek(int retryDays, int memoryDays)
    {
        var provider = new WebhookProvider
        {
            Name = "own",
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
            ValidateSecret = _ => null,
            RetrySpan = TimeSpan.FromDays(retryDays),
        };

        Assert.Equal(TimeSpan.FromDays(memoryDays), provider.ClaimMemory);
    }

    [Fact]
    public void ValidateSecret_BadSecret_NamesTheCure()
    {
        Assert.Null(WebhookProviders.StandardWebhooks.ValidateSecret(SignedRequest.OfficialSecret));
        Assert.Contains("whsec_", WebhookProviders.StandardWebhooks.ValidateSecret(""), StringComparison.Ordinal);
    }
}
