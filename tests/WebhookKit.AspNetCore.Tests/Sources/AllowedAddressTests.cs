using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Sources;

namespace WebhookKit.AspNetCore.Tests.Sources;

/// <summary>Networks that may send to a source.</summary>
public sealed class AllowedAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.0/24", "203.0.113.255", true)]
    [InlineData("203.0.113.0/24", "203.0.114.0", false)]
    [InlineData("203.0.113.0/24", "::ffff:203.0.113.1", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("203.0.113.7", null, false)]
    public void Allows_Address_IsWithinANetwork(string network, string? address, bool expected)
    {
        var list = AddressList.Parse([network], []);

        Assert.Equal(expected, list.Allows(address is null ? null : IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("203.0.113.0/24", HttpStatusCode.Forbidden)]
    public async Task Receive_FromAnAddress_IsRefusedUnlessAllowed(string network, HttpStatusCode expected)
    {
        await using var host = await StartAsync(source => source.AllowAddress(network));

        using var request = await host.Requests.CreateAsync("/webhooks/partner", OrderPaid.Payload);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.1");
        using var response = await host.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 0 : 1, host.Log.Own.Count(entry => entry.EventName == "AddressNotAllowed"));
    }

    [Fact]
    public async Task Receive_BehindTheForwardedHeadersMiddleware_SeesTheAddressItTrusts()
    {
        await using var host = await StartAsync(
            source => source.AllowAddress("203.0.113.0/24"),
            setup => setup.Map = app =>
            {
                // The loopback proxy is trusted by default.
                app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
                app.MapWebhookReceiver();
            });

        using var request = await host.Requests.CreateAsync("/webhooks/partner", OrderPaid.Payload);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.1");
        using var response = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Start_NetworksThatAreNone_AreNamed()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartAsync(
            source => source.AllowAddress("127.0.0.1"),
            setup => setup.Configuration
                .With("Webhooks:Receiver:Sources:partner:AllowedAddresses:0", "10.0.0.0/33")
                .With("Webhooks:Receiver:Sources:partner:AllowedAddresses:1", "example.com")));

        Assert.Equal(2, exception.Errors.Count);
        Assert.Contains("'10.0.0.0/33'", exception.Errors[0], StringComparison.Ordinal);
        Assert.Contains("'example.com'", exception.Errors[1], StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(Action<SourceBuilder> configure, Action<ReceiverSetup>? change = null) =>
        ReceiverHost.StartAsync(
            source =>
            {
                configure(source);
                source.On(OrderPaid.EventType, (_, _) => Task.CompletedTask);
            },
            change);
}
