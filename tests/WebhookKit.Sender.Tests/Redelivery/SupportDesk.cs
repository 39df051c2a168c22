namespace WebhookKit.Sender.Tests.Redelivery;

/// <summary>What a person who helps customers asks for, as the page on sending shows it.</summary>
internal sealed class SupportDesk(IWebhookRedelivery redelivery, IWebhookCancellation cancellation)
{
    #region again
    public async Task<RedeliveryId?> SendAgainWhatFailedAsync(string tenant, DateTimeOffset since, Func<int, bool> confirm, CancellationToken stopping)
    {
        var preview = await redelivery.PreviewAsync(RedeliverySelection.FailedSinceOfTenant(tenant, since), stopping);
        return confirm(preview.Count)
            ? await redelivery.RedeliverAsync(preview.Selection, maxPerSecond: 50, stopping)
            : null;
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
