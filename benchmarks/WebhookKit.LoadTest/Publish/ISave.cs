namespace WebhookKit.LoadTest.Publish;

/// <summary>One way to save an order, with a scope and a context of its own, as a request would.</summary>
internal interface ISave
{
    Task SaveAsync(int number, CancellationToken cancellationToken);
}
