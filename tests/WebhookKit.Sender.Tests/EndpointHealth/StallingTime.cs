namespace WebhookKit.Sender.Tests.EndpointHealth;

/// <summary>The clock of a machine that stands still at times: what its timers were to begin meanwhile begins afterwards, all at once.</summary>
internal sealed class StallingTime : TimeProvider
{
    private readonly Lock _gate = new();
    private List<Action>? _held;

    public void Stall()
    {
        lock (_gate)
        {
            _held = [];
        }
    }

    public void GoOn()
    {
        List<Action> held;
        lock (_gate)
        {
            (held, _held) = (_held!, null);
        }

        held.ForEach(fire => ThreadPool.QueueUserWorkItem(_ => fire()));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    if (_held is not null)
                    {
                        _held.Add(() => callback(state));
                        return;
                    }
                }

                callback(state);
            },
            null,
            dueTime,
            period);
}
