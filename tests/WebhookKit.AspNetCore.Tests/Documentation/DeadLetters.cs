namespace WebhookKit.AspNetCore.Tests.Documentation;

/// <summary>What <c>docs/receiving.md</c> shows of dead letters.</summary>
internal sealed class DeadLetters(IWebhookInbox inbox)
{
    public async Task HandleAgainAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        #region dead-letters
        var bulk = new InboxDeadLetterSelection { Source = "bulk", Since = since };
        foreach (var letter in await inbox.ListAsync(bulk, maxLetters: 50, cancellationToken: cancellationToken))
        {
            if (letter.Error?.Contains("no such order", StringComparison.Ordinal) is true)
            {
                await inbox.DiscardAsync(InboxDeadLetterSelection.Of(letter), "the order was deleted", cancellationToken);
            }
        }

        await inbox.HandleAgainAsync(bulk, cancellationToken);
        #endregion
    }
}
