using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Receiving;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>A payload is the handler's until it returns, and nobody's after that.</summary>
public sealed class PoisonedBufferTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Receive_BuffersPoisonedOnReturn_HandlersSeeTheirBytesUntilTheyReturn(int length)
    {
        var pool = new PoisoningPool();
        var seen = new List<string>();
        ReadOnlyMemory<byte> kept = default;
        await using var host = await ReceiverHost.StartAsync(
            source => source
                .On("a", async (webhook, _) =>
                {
                    await Task.Yield();
                    seen.Add(Encoding.UTF8.GetString(webhook.Payload.Span));
                })
                .On("a", async (webhook, _) =>
                {
                    await Task.Yield();
                    seen.Add(Encoding.UTF8.GetString(webhook.Payload.Span));
                    kept = webhook.Payload;
                }),
            setup => setup.ConfigureServices = services => services.AddSingleton(new BodyPool(pool)));
        var payload = $$"""{"type":"a","data":"{{new string('x', length)}}"}""";

        using var response = await host.SendAsync(payload);
        await Poll.UntilAsync(() => pool.Lent == 0);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([payload, payload], seen);
        Assert.All(kept.ToArray(), value => Assert.Equal(PoisoningPool.Poison, value));
    }

    private sealed class PoisoningPool : ArrayPool<byte>
    {
        public const byte Poison = 0xDD;

        private int _lent;

        public int Lent => _lent;

        public override byte[] Rent(int minimumLength)
        {
            Interlocked.Increment(ref _lent);
            return new byte[minimumLength];
        }

        public override void Return(byte[] array, bool clearArray = false)
        {
            Array.Fill(array, Poison);
            Interlocked.Decrement(ref _lent);
        }
    }
}
