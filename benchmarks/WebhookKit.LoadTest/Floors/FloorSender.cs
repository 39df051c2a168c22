using System.Diagnostics;
using System.Globalization;
using WebhookKit.Identifiers;
using WebhookKit.Signing;

namespace WebhookKit.LoadTest.Floors;

/// <summary>Signs and posts by <see cref="HttpMessageInvoker"/>, as ours does and with nothing around it.</summary>
internal sealed class FloorSender : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Posts one delivery after the other until there are no more.</summary>
    public async Task RunAsync(
        IAsyncEnumerable<FloorDelivery> deliveries, Func<FloorDelivery, ValueTask> done, CancellationToken cancellationToken)
    {
        var deadline = new CancellationTokenSource();
        try
        {
            await foreach (var delivery in deliveries.WithCancellation(cancellationToken))
            {
                await delivery.Endpoint.Slots.WaitAsync(cancellationToken);
                try
                {
                    deadline.CancelAfter(Deadline);
                    await SendAsync(delivery, deadline.Token);
                }
                finally
                {
                    delivery.Endpoint.Slots.Release();
                }

                await done(delivery);
                if (!deadline.TryReset())
                {
                    deadline.Dispose();
                    deadline = new CancellationTokenSource();
                }
            }
        }
        finally
        {
            deadline.Dispose();
        }
    }

    public void Dispose() => _invoker.Dispose();

    private async Task SendAsync(FloorDelivery delivery, CancellationToken cancellationToken)
    {
        delivery.AttemptId = _ids.NewAttemptId().Value;
        delivery.StartedAt = TimeProvider.System.GetUtcNow();
        var started = Stopwatch.GetTimestamp();

        var messageId = new MessageId(delivery.MessageId).ToString();
        var timestamp = delivery.StartedAt.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Endpoint.Url)
        {
            Content = new ByteArrayContent(delivery.Payload),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", delivery.ContentType);
        request.Headers.TryAddWithoutValidation("User-Agent", "floor");
        request.Headers.TryAddWithoutValidation(StandardWebhooksHeaders.Id, messageId);
        request.Headers.TryAddWithoutValidation(StandardWebhooksHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(
            StandardWebhooksHeaders.Signature, delivery.Endpoint.Sign(messageId, timestamp, delivery.Payload));

        using var response = await _invoker.SendAsync(request, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new LoadTestException($"The receiver answered {(int)response.StatusCode}.");
        }

        delivery.StatusCode = (int)response.StatusCode;
        delivery.Duration = Stopwatch.GetElapsedTime(started);
    }
}
