using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Inbox;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Receiving;

/// <summary>How the receiver hands an event over.</summary>
public enum HandOver
{
    Inline,
    Inbox,
    Forward,
}

/// <summary>Many copies of one message at once have one effect, and every sender is told what it has to do.</summary>
public abstract class CopiesSuite : IAsyncLifetime
{
    private const int Copies = 32;
    private const int Messages = 4;

    private readonly WebhookSecret _secret = WebhookSecret.Generate();
    private readonly HttpClient _client = new();
    private SignedRequestFactory _signer = null!;
    private HostStores _stores = null!;

    public async Task InitializeAsync()
    {
        _signer = new SignedRequestFactory(_secret);
        _stores = await CreateStoresAsync();
    }

    public Task DisposeAsync()
    {
        _client.Dispose();
        _signer.Dispose();
        _stores.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(HandOver.Inline)]
    [InlineData(HandOver.Inbox)]
    [InlineData(HandOver.Forward)]
    public async Task Receive_CopiesAtOnce_HaveOneEffect(HandOver handOver)
    {
        await using var recipient = await ScriptedReceiver.StartAsync();
        await using var warehouse = await StartAsync(handOver, recipient);
        var ids = Enumerable.Range(0, Messages).Select(i => $"copied-{i}").ToArray();

        foreach (var id in ids)
        {
            await SendCopiesAsync([warehouse], id);
        }

        await AssertOneEffectEachAsync(warehouse, handOver, recipient, ids);
    }

    [Fact]
    public async Task Receive_CopiesDuringALongHandling_AreToldToComeAgainAndThenThatItIsDone()
    {
        await using var warehouse = await StartAsync(HandOver.Inline, recipient: null);
        var othersAnswered = new TaskCompletionSource();
        warehouse.OnHandling = (_, _, _) => othersAnswered.Task;

        var copies = Enumerable.Range(0, Copies).Select(_ => SendAsync(warehouse, "copied")).ToList();
        var busy = new List<HttpResponseMessage>();
        while (busy.Count < Copies - 1)
        {
            var answered = await Task.WhenAny(copies);
            copies.Remove(answered);
            busy.Add(await answered);
        }

        othersAnswered.SetResult();
        using var handled = await copies.Single();
        using var again = await SendAsync(warehouse, "copied");

        Assert.All(busy, answer => Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (handled.StatusCode, again.StatusCode));
        Assert.Equal(1, warehouse.Handlings);
        Assert.Single(await warehouse.GetParcelsAsync());
        busy.ForEach(answer => answer.Dispose());
    }

    protected abstract Task<HostStores> CreateStoresAsync();

    private protected Task<Warehouse> StartAsync(HandOver handOver, ScriptedReceiver? recipient) => Warehouse.StartAsync(
        _stores,
        _secret.Reveal(),
        configure: webhooks =>
        {
            if (recipient is not null)
            {
                webhooks.AddSender([new Target("recipient", recipient.Url.ToString(), _secret.Reveal())]);
            }
        },
        configureSource: source =>
        {
            source.HandlerTimeout = TimeSpan.FromMinutes(5);
            _ = handOver switch
            {
                HandOver.Inbox => source.UseInbox(),
                HandOver.Forward => source.Forward(OrderPaid.EventType),
                _ => source,
            };
        });

    /// <summary>Sends the copies so that all are in the receivers at once, and those that are told to come again until they need not.</summary>
    private protected async Task SendCopiesAsync(Warehouse[] warehouses, string id)
    {
        var allHaveCome = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var come = 0;
        foreach (var warehouse in warehouses)
        {
            warehouse.OnRequest = async (_, context, next) =>
            {
                if (Interlocked.Increment(ref come) == Copies)
                {
                    allHaveCome.SetResult();
                }

                await allHaveCome.Task;
                await next(context);
            };
        }

        await Task.WhenAll(Enumerable.Range(0, Copies).Select(copy => SendUntilAcceptedAsync(warehouses[copy % warehouses.Length], id)));
    }

    private protected static async Task AssertOneEffectEachAsync(
        Warehouse warehouse, HandOver handOver, ScriptedReceiver recipient, string[] ids)
    {
        foreach (var id in handOver == HandOver.Inbox ? ids : [])
        {
            await Eventually.ReadAsync(
                async () => await warehouse.Services.GetRequiredService<IInboxStore>().GetStatusAsync("shop", null, id, default),
                status => status == InboxStatus.Handled);
        }

        Assert.Equal(ids, (await warehouse.GetParcelsAsync()).Select(parcel => parcel.MessageId).Order(StringComparer.Ordinal));
        if (handOver == HandOver.Forward)
        {
            var forwarded = await Eventually.ReadAsync(
                () => Task.FromResult(recipient.Requests.Select(request => request.Headers["webhook-id"].ToString()).Distinct().Count()),
                count => count >= ids.Length);
            Assert.Equal(ids.Length, forwarded);
            Assert.Equal(ids.Length, await warehouse.InScopeAsync(
                async services => services.GetService<HostDb>() is { } db ? await db.CountMessagesAsync() : ids.Length));
        }
    }

    private async Task SendUntilAcceptedAsync(Warehouse warehouse, string id)
    {
        while (true)
        {
            using var answer = await SendAsync(warehouse, id);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Warehouse warehouse, string id)
    {
        using var request = await _signer.CreateAsync(
            $"{warehouse.Url}/webhooks/shop", """{"type":"order.paid","data":{"order":"A-1","total":1}}""", new SignedRequestOptions { Id = id });
        return await _client.SendAsync(request);
    }
}

/// <summary>Many copies where several nodes share what they know.</summary>
public abstract class SharedCopiesSuite : CopiesSuite
{
    [Theory]
    [InlineData(HandOver.Inline)]
    [InlineData(HandOver.Inbox)]
    [InlineData(HandOver.Forward)]
    public async Task Receive_CopiesAtTwoNodes_HaveOneEffect(HandOver handOver)
    {
        await using var recipient = await ScriptedReceiver.StartAsync();
        await using var one = await StartAsync(handOver, recipient);
        await using var other = await StartAsync(handOver, recipient);
        var ids = Enumerable.Range(0, 4).Select(i => $"copied-{i}").ToArray();

        foreach (var id in ids)
        {
            await SendCopiesAsync([one, other], id);
        }

        await AssertOneEffectEachAsync(one, handOver, recipient, ids);
    }
}

public sealed class InMemoryCopiesTests : CopiesSuite
{
    protected override Task<HostStores> CreateStoresAsync() => Task.FromResult<HostStores>(new InMemoryStores());
}

public sealed class SqliteCopiesTests : SharedCopiesSuite
{
    protected override Task<HostStores> CreateStoresAsync() => Task.FromResult<HostStores>(new SqliteStores());
}

public sealed class PostgresCopiesTests(OwnPostgres postgres) : SharedCopiesSuite, IClassFixture<OwnPostgres>
{
    protected override async Task<HostStores> CreateStoresAsync() => new PostgresStores(await postgres.CreateDatabaseAsync());
}
