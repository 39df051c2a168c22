namespace WebhookKit.LoadTest.Receive;

/// <summary>What handling comes to here: it is counted.</summary>
internal sealed class HandledCounter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);

    public void Reset() => Volatile.Write(ref _count, 0);
}
