using System.Runtime.ExceptionServices;
using WebhookKit.Endpoints;

namespace WebhookKit.Tests.Endpoints;

public sealed class EndpointPolicyTests
{
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
