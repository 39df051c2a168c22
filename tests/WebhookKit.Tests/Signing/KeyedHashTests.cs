using System.Security.Cryptography;
using WebhookKit.Signing;

namespace WebhookKit.Tests.Signing;

public class KeyedHashTests
{
    private static readonly WebhookSecret Secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly byte[] Key = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly byte[] Content = [1, 2, 3];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(42, 0)]
    [InlineData(42, 256)]
    [InlineData(42, 2005)]
    [InlineData(42, 2006)]
    [InlineData(42, 2007)]
    [InlineData(278, 100_000)]
    public void Compute_PrefixAndPayload_EqualsOneShotHmac(int prefixBytes, int payloadBytes)
    {
        using var hash = new KeyedHash(Secret);
        var content = RandomNumberGenerator.GetBytes(prefixBytes + payloadBytes);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(HMACSHA256.HashData(Key, content), Compute(hash, content, prefixBytes));
        }
    }

    [Fact]
    public void Compute_OnSixteenThreads_EqualsOneShotHmac()
    {
        using var hash = new KeyedHash(Secret);
        var wrong = 0;
        var threads = Enumerable.Range(0, 16).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 2000; i++)
            {
                var content = new byte[random.Next(1, 4000)];
                random.NextBytes(content);
                if (!Compute(hash, content, random.Next(content.Length)).SequenceEqual(HMACSHA256.HashData(Key, content)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Rent_WhileAnotherComputationRuns_GivesAStateOfItsOwn()
    {
        using var hash = new KeyedHash(Secret);

        var first = hash.Rent(out var firstSlot);
        var second = hash.Rent(out var secondSlot);
        Assert.NotSame(first, second);

        hash.Return(first, firstSlot);
        hash.Return(second, secondSlot);
    }

    [Fact]
    public void Return_AfterTheComputation_KeepsTheState()
    {
        using var hash = new KeyedHash(Secret);
        var state = hash.Rent(out var slot);
        hash.Return(state, slot);

        Assert.Same(state, hash.Rent(out slot));
        hash.Return(state, slot);
    }

    [Fact]
    public void Return_AfterDisposal_DisposesTheState()
    {
        var hash = new KeyedHash(Secret);
        var idle = hash.Rent(out var idleSlot);
        var rented = hash.Rent(out var slot);
        hash.Return(idle, idleSlot);

        hash.Dispose();
        Assert.True(IsDisposed(idle));
        Assert.False(IsDisposed(rented));

        hash.Return(rented, slot);
        Assert.True(IsDisposed(rented));
    }

    [Fact]
    public void Compute_AfterDisposal_StillAnswers()
    {
        var hash = new KeyedHash(Secret);
        hash.Dispose();

        Assert.Equal(HMACSHA256.HashData(Key, Content), Compute(hash, Content, 1));
    }

    [Fact]
    public void Compute_WhileDisposedOnAnotherThread_StaysRight()
    {
        for (var round = 0; round < 200; round++)
        {
            var hash = new KeyedHash(Secret);
            using var started = new Barrier(2);
            var disposal = new Thread(() =>
            {
                started.SignalAndWait();
                hash.Dispose();
            });
            disposal.Start();
            started.SignalAndWait();
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(HMACSHA256.HashData(Key, Content), Compute(hash, Content, 1));
            }

            disposal.Join();
        }
    }

    private static byte[] Compute(KeyedHash hash, byte[] content, int prefixBytes)
    {
        var digest = new byte[32];
        hash.Compute(content.AsSpan(0, prefixBytes), content.AsSpan(prefixBytes), digest);
        return digest;
    }

    private static bool IsDisposed(KeyedHash.State state)
    {
        try
        {
            state.Compute([1], [2], new byte[32]);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
