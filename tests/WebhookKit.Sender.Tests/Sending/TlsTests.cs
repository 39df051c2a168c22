using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using WebhookKit.Deliveries;
using WebhookKit.Sender.Tests.NetworkSafety;
using static WebhookKit.Sender.Tests.Sending.Attempting;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>Certificates that are not to be trusted, and handshakes that come to nothing.</summary>
public sealed class TlsTests
{
    private static readonly string[] Causes = ["NotTimeValid", "RemoteCertificateNameMismatch", "UntrustedRoot", "PartialChain"];

    [Fact]
    public async Task SendAsync_GoodCertificate_Succeeds()
    {
        await using var receiver = Answering(TestCertificates.Good);

        var attempt = (await SendAsync(Https(receiver))).Attempt;

        // Where the tests' authority cannot be made known, nothing is better than to see that it is not trusted.
        Assert.Equal(TestCertificates.AreTrusted ? AttemptOutcome.Succeeded : AttemptOutcome.TlsFailed, attempt.Outcome);
    }

    [Theory]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("not yet valid", "NotTimeValid")]
    [InlineData("of another host", "RemoteCertificateNameMismatch")]
    [InlineData("self-signed", "UntrustedRoot")]
    public async Task SendAsync_BadCertificate_IsATlsFailureThatNamesTheCause(string kind, string cause)
    {
        using var certificate = kind switch
        {
            "expired" => TestCertificates.Expired,
            "not yet valid" => TestCertificates.NotYetValid,
            "of another host" => TestCertificates.OfAnotherHost,
            _ => TestCertificates.SelfSigned,
        };
        await using var receiver = Answering(certificate);

        var attempt = (await SendAsync(Https(receiver))).Attempt;

        Assert.Equal((AttemptOutcome.TlsFailed, null), (attempt.Outcome, attempt.StatusCode));
        Assert.StartsWith("The TLS handshake failed: ", attempt.Error, StringComparison.Ordinal);
        if (TestCertificates.AreTrusted)
        {
            Assert.Equal(
                [cause],
                Causes.Where(possible => attempt.Error!.Contains(possible, StringComparison.Ordinal)));
        }

        Assert.Equal(0, receiver.Requests);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("of another host")]
    [InlineData("self-signed")]
    public async Task SendAsync_BadCertificate_InsecureEndpointsAllowed_IsRefusedAllTheSame(string kind)
    {
        using var certificate = kind switch
        {
            "expired" => TestCertificates.Expired,
            "of another host" => TestCertificates.OfAnotherHost,
            _ => TestCertificates.SelfSigned,
        };
        await using var receiver = Answering(certificate);

        var attempt = (await SendAsync(Https(receiver), options => options.AllowInsecureEndpoints = true)).Attempt;

        Assert.Equal(AttemptOutcome.TlsFailed, attempt.Outcome);
    }

    [Fact]
    public async Task SendAsync_IssuerIsSaidToBeAtAUrl_IsNotFetchedPastTheGuard()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}/issuer.cer";
        using var certificate = TestCertificates.WithoutItsIssuer(url);
        await using var receiver = Answering(certificate);

        var attempt = (await SendAsync(Https(receiver))).Attempt;

        Assert.Equal(AttemptOutcome.TlsFailed, attempt.Outcome);
        Assert.False(listener.Pending());

        // The framework's own client would have asked the proxy that the environment names.
        Assert.DoesNotContain(ProxyTrap.Requests, line => line.Contains(url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SendAsync_HandshakeStalls_IsATlsFailureAtTheConnectTimeout()
    {
        await using var receiver = new RawReceiver(connection => connection.HangAsync());

        var attempt = (await SendAsync(Https(receiver), options => options.ConnectTimeout = TimeSpan.FromSeconds(5))).Attempt;

        Assert.Equal(
            (AttemptOutcome.TlsFailed, null, "The TLS handshake was not done in time."),
            (attempt.Outcome, attempt.StatusCode, attempt.Error));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("closed")]
    [InlineData("garbage")]
    [InlineData("half a record")]
    [InlineData("an alert")]
    public async Task SendAsync_HandshakeBreaks_IsATlsFailure(string how)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            // A record's header and the beginning of the hello, so that the connect is over.
            await connection.ReadAsync(16);
            switch (how)
            {
                case "reset":
                    connection.Reset();
                    break;
                case "garbage":
                    await connection.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n");
                    break;
                case "half a record":
                    await connection.WriteAsync("\u0016\u0003\u0003\u0010\0half");
                    break;
                case "an alert":
                    await connection.WriteAsync("\u0015\u0003\u0003\0\u0002\u0002\u0028");
                    break;
            }
        });

        var attempt = (await SendAsync(Https(receiver))).Attempt;

        Assert.Equal((AttemptOutcome.TlsFailed, null), (attempt.Outcome, attempt.StatusCode));
        Assert.StartsWith("The TLS handshake failed", attempt.Error, StringComparison.Ordinal);
        Assert.True(attempt.Error!.Length <= 256);
    }

    private static string Https(RawReceiver receiver) => $"https://127.0.0.1:{receiver.Port}/hooks";

    private static RawReceiver Answering(X509Certificate2 certificate) => new(
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n");
        },
        certificate);
}
