namespace WebhookKit.Sender.Tests.Redelivery;

/// <summary>What a person who helps customers asks for, as the page on sending shows it.</summary>
internal sealed class SupportDesk(IWebhookRedelivery redelivery)
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
}
