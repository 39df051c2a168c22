using System.Net.Sockets;
using System.Security.Authentication;
using WebhookKit.Deliveries;
using WebhookKit.NetworkSafety;
using WebhookKit.Sending;

namespace WebhookKit.Sender.Tests.Sending;

public sealed class OutcomeClassifierTests
{
    [Theory]
    [InlineData(200, AttemptOutcome.Succeeded)]
    [InlineData(204, AttemptOutcome.Succeeded)]
    [InlineData(299, AttemptOutcome.Succeeded)]
    [InlineData(300, AttemptOutcome.Redirected)]
    [InlineData(304, AttemptOutcome.Redirected)]
    [InlineData(399, AttemptOutcome.Redirected)]
    [InlineData(400, AttemptOutcome.Refused)]
    [InlineData(404, AttemptOutcome.Refused)]
    [InlineData(410, AttemptOutcome.Gone)]
    [InlineData(429, AttemptOutcome.Throttled)]
    [InlineData(499, AttemptOutcome.Refused)]
    [InlineData(500, AttemptOutcome.ReceiverError)]
    [InlineData(501, AttemptOutcome.ReceiverError)]
    [InlineData(502, AttemptOutcome.Throttled)]
    [InlineData(503, AttemptOutcome.Throttled)]
    [InlineData(504, AttemptOutcome.Throttled)]
    [InlineData(505, AttemptOutcome.ReceiverError)]
    [InlineData(199, AttemptOutcome.ReceiverError)]
    [InlineData(600, AttemptOutcome.ReceiverError)]
    [InlineData(999, AttemptOutcome.ReceiverError)]
    public void FromStatus_EveryClass(int status, AttemptOutcome outcome) =>
        Assert.Equal(outcome, OutcomeClassifier.FromStatus(status));

    public static TheoryData<Exception, AttemptOutcome> Exceptions => new()
    {
        {
            new HttpRequestException(HttpRequestError.ConnectionError, null, new ForbiddenAddressException("internal.example", AddressClass.Private)),
            AttemptOutcome.AddressForbidden
        },
        { new HttpRequestException(HttpRequestError.NameResolutionError), AttemptOutcome.NameResolutionFailed },
        {
            new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.TryAgain)),
            AttemptOutcome.NameResolutionFailed
        },
        {
            new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused)),
            AttemptOutcome.ConnectFailed
        },
        {
            new TaskCanceledException("connect", new TimeoutException(null, new SocketException((int)SocketError.TimedOut))),
            AttemptOutcome.ConnectFailed
        },
        {
            new TaskCanceledException("connect", new TimeoutException(null, new SocketException((int)SocketError.TryAgain))),
            AttemptOutcome.NameResolutionFailed
        },
        { new TaskCanceledException("connect", new TimeoutException()), AttemptOutcome.TlsFailed },
        {
            new HttpRequestException(HttpRequestError.SecureConnectionError, null, new AuthenticationException("NotTimeValid")),
            AttemptOutcome.TlsFailed
        },
        { new HttpRequestException(HttpRequestError.ResponseEnded), AttemptOutcome.ConnectionBroken },
        { new HttpRequestException(HttpRequestError.HttpProtocolError), AttemptOutcome.ConnectionBroken },
        { new HttpRequestException(HttpRequestError.InvalidResponse), AttemptOutcome.ResponseInvalid },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), AttemptOutcome.ResponseInvalid },
        { new HttpIOException(HttpRequestError.InvalidResponse), AttemptOutcome.ResponseInvalid },
        { new HttpIOException(HttpRequestError.ResponseEnded), AttemptOutcome.ConnectionBroken },
        { new IOException("reset", new SocketException((int)SocketError.ConnectionReset)), AttemptOutcome.ConnectionBroken },
        { new SocketException((int)SocketError.NotConnected), AttemptOutcome.ConnectionBroken },
        {
            new HttpRequestException(HttpRequestError.ConnectionError, null, new ProxyFailedException("The sender's proxy could not be reached.")),
            AttemptOutcome.SenderError
        },
        { new InvalidOperationException("a secret detail"), AttemptOutcome.SenderError },
        { new OperationCanceledException(), AttemptOutcome.SenderError },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void FromException_EveryCause(Exception exception, AttemptOutcome outcome)
    {
        var (actual, error) = OutcomeClassifier.FromException(exception);

        Assert.Equal(outcome, actual);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("internal.example", error, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret detail", error, StringComparison.Ordinal);
    }

    [Fact]
    public void FromException_RefusedAndTimedOutConnections_ReadTheSame()
    {
        var refused = OutcomeClassifier.FromException(
            new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused)));
        var timedOut = OutcomeClassifier.FromException(
            new TaskCanceledException("connect", new TimeoutException(null, new SocketException((int)SocketError.TimedOut))));

        Assert.Equal(refused, timedOut);
    }
}
