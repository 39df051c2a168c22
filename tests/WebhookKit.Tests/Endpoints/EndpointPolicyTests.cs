using System.Runtime.ExceptionServices;
using WebhookKit.Endpoints;

namespace WebhookKit.Tests.Endpoints;

public sealed class EndpointPolicyTests
{
    private static readonly EndpointPolicy Everything = new()
    {
        AttemptTimeout = TimeSpan.FromSeconds(7.5),
        MaxInFlight = 3,
        Rate = EndpointRate.PerSecond(50),
        ClientCertificate = "bank",
        PayloadFormat = "cloudevents",
        SignatureScheme = "stripe",
        SignatureHeaderPrefix = "acme",
    };

    [Fact]
    public void ToJson_Everything_IsReadAsItWas()
    {
        Assert.True(EndpointPolicy.TryParse(Everything.ToJson(), out var policy));

        Assert.Equal(Everything, policy);
    }

    [Fact]
    public void Over_WhatIsLeftOpen_IsTakenFromTheOther()
    {
        Assert.Equal(Everything, EndpointPolicy.Default.Over(Everything));
        Assert.Equal(Everything, Everything.Over(new EndpointPolicy { PayloadFormat = "thin", MaxInFlight = 1 }));
        Assert.Equal(new EndpointPolicy { PayloadFormat = "thin", MaxInFlight = 1 },
            new EndpointPolicy { PayloadFormat = "thin" }.Over(new EndpointPolicy { PayloadFormat = "other", MaxInFlight = 1 }));
    }

    // Read for each endpoint of each fan-out.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void TryParse_NothingStored_SaysNoWithoutAnException(string? stored)
    {
        var thrown = 0;
        var thread = Environment.CurrentManagedThreadId;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            Assert.False(EndpointPolicy.TryParse(stored, out var policy));
            Assert.Null(policy);
            Assert.Equal(0, thrown);
            Assert.False(EndpointPolicy.TryParse("{", out _));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        // So they are seen.
        Assert.NotEqual(0, thrown);

        void Count(object? sender, FirstChanceExceptionEventArgs e)
        {
            if (Environment.CurrentManagedThreadId == thread)
            {
                thrown++;
            }
        }
    }
}
