using System.Collections.Concurrent;
using WebhookKit.Dispatch;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class StartQueueTests
{
    [Fact]
    public async Task Add_MoreThanThereAreCores_BeginsEachOnceAndNoMoreAtATimeThanCores()
    {
        const int Count = 2_000;
        var begun = new ConcurrentQueue<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (running, most) = (0, 0);
        var queue = new StartQueue<int>(number =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.SpinWait(200);
            Interlocked.Decrement(ref running);
            begun.Enqueue(number);
            if (begun.Count == Count)
            {
                all.TrySetResult();
            }

            return Task.CompletedTask;
        });

        Parallel.For(0, Count, queue.Add);
        await all.Task.WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Enumerable.Range(0, Count), begun.Order());
        Assert.InRange(most, 1, Environment.ProcessorCount);
    }

    [Fact]
    public async Task Add_WorkThatWaits_DoesNotHoldUpTheNext()
    {
        var never = new TaskCompletionSource();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = new StartQueue<int>(number =>
        {
            if (number == 100)
            {
                last.SetResult();
            }

            return never.Task;
        });

        for (var number = 0; number <= 100; number++)
        {
            queue.Add(number);
        }

        await last.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
