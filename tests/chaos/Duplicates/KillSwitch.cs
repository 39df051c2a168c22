using System.Data.Common;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>Ends this process by SIGKILL at the armed point, around the commits that it watches.</summary>
internal sealed class KillSwitch : DbTransactionInterceptor
{
    private static readonly AsyncLocal<bool> InRequest = new();

    private volatile Armed? _armed;

    /// <summary>Ends the process when the point has been passed so many times.</summary>
    public void Arm(KillPoint point, int passings) => _armed = new Armed(point, passings);

    /// <summary>Marks what runs for a request.</summary>
    public static Task MarkAsync(HttpContext context, RequestDelegate next)
    {
        InRequest.Value = true;
        return next(context);
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Pass(eventData.Context, KillPoint.Claimed, KillPoint.Handling);
        return new ValueTask<InterceptionResult>(result);
    }

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Pass(eventData.Context, KillPoint.Committed, KillPoint.Handled);
        return Task.CompletedTask;
    }

    private void Pass(DbContext? context, KillPoint inRequest, KillPoint inBackground)
    {
        if (_armed is { } armed
            && (InRequest.Value ? armed.Point == inRequest : armed.Point == inBackground && HasEffect(context))
            && armed.Pass())
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }

    // The inbox commits its leases too.
    private static bool HasEffect(DbContext? context) => context?.ChangeTracker.Entries<Effect>().Any() == true;

    private sealed class Armed(KillPoint point, int passings)
    {
        private int _left = passings;

        public KillPoint Point => point;

        public bool Pass() => Interlocked.Decrement(ref _left) == 0;
    }
}
