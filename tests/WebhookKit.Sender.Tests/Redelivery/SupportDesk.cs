namespace WebhookKit.Sender.Tests.Redelivery;

/// <summary>What a person who helps customers asks for, as the page on sending shows it.</summary>
internal sealed class SupportDesk(IWebhookRedelivery redelivery, IWebhookCancellation cancellation)
{
    #region again
    public async Task<int> SendAgainWhatFailedAsync(EndpointId endpoint, DateTimeOffset since, Func<int, bool> confirm, CancellationToken stopping)
    {
        var preview = await redelivery.PreviewAsync(RedeliverySelection.FailedSince(endpoint, since), stopping);
        return confirm(preview.Count)
            ? await redelivery.RedeliverAsync(preview.Selection, maxPerSecond: 50, cancellationToken: stopping)
            : 0;
    }
    #endregion

    public async Task<string> TakeBackAsync(MessageId message, CancellationToken stopping)
    {
        #region cancel
        var result = await cancellation.CancelAsync(message, stopping);
        return result.Status switch
        {
            CancellationStatus.Canceled => $"{result.Canceled} will not be sent, {result.AlreadyFinal} had ended before.",
            CancellationStatus.NothingPending => "Nothing was left to cancel.",
            _ => "There is no such message.",
        };
        #endregion
    }
}
