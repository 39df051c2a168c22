using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>The line in which the host's own saves stand, first come, first served.</summary>
/// <remarks>
/// Two saves that met in the database would cost the second one the driver's pause of 150 ms, however short the first
/// is. Only saves that are their own transaction stand in line: each tells when it has ended.
/// </remarks>
internal sealed class HostSaves
{
    /// <summary>No longer than the driver's own pause: a save within another one waits for what cannot end.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(150);

    private readonly Lock _lock = new();
    private readonly Dictionary<DbContextId, TaskCompletionSource> _saving = [];
    private Task _last = Task.CompletedTask;

    /// <summary>Stands in line.</summary>
    /// <returns>Completes when the one before has ended.</returns>
    public Task Enter(DbContextId context)
    {
        lock (_lock)
        {
            var before = _last;
            var saved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_saving.Remove(context, out var forgotten))
            {
                forgotten.SetResult();
            }

            _saving.Add(context, saved);
            _last = saved.Task;
            return before;
        }
    }

    /// <summary>Lets the next one save.</summary>
    public void Leave(DbContextId context)
    {
        lock (_lock)
        {
            if (_saving.Remove(context, out var saved))
            {
                saved.SetResult();
            }
        }
    }
}
