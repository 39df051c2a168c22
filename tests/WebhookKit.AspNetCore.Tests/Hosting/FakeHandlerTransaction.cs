using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace WebhookKit.AspNetCore.Tests.Hosting;

/// <summary>Claims in a dictionary; answers what a test scripts.</summary>
internal sealed class FakeHandlerTransaction : IHandlerTransaction
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    public IServiceScopeFactory? Scopes { get; set; }

    /// <summary>Answers this without running the handler.</summary>
    public HandlingResult? Scripted { get; set; }

    /// <summary>Runs the handler so often before its run commits.</summary>
    public int Runs { get; set; } = 1;

    public ConcurrentDictionary<string, WebhookClaim> Claims { get; } = new();

    public async ValueTask<HandlingResult> ExecuteAsync(
        WebhookClaim claim, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        if (Scripted is { } scripted)
        {
            return scripted;
        }

        var gate = _gates.GetOrAdd(claim.Key, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Claims.ContainsKey(claim.Key))
            {
                return HandlingResult.Duplicate;
            }

            for (var run = 0; run < Runs; run++)
            {
                await using var scope = Scopes!.CreateAsyncScope();
                await handler(scope.ServiceProvider, cancellationToken);
            }

            Claims[claim.Key] = claim;
            return HandlingResult.Handled;
        }
        finally
        {
            gate.Release();
        }
    }

    public ValueTask<HandlingResult> ExecuteAsync(
        LeasedInboxEntry entry, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Tests of the inbox use the store in memory.");
}
