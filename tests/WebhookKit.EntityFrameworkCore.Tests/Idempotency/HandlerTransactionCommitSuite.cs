using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.Idempotency;
using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Tests.Idempotency;

/// <summary>Claim and effect when the commit fails, or when its answer is lost on the way.</summary>
public abstract class HandlerTransactionCommitSuite
{
    private static readonly WebhookClaim Claim = new("shop", null, "msg_1", TimeSpan.FromDays(7));

    private int _runs;

    protected abstract Task<CaptureDatabase> CreateDatabaseAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_CommitHappenedButAnswerLost_IsHandledOnce(bool retrying)
    {
        var lost = new LostAnswers();
        await using var host = await StartAsync(retrying, lost);
        lost.Remaining = 1;

        Assert.Equal(HandlingResult.Handled, await ExecuteAsync(host));

        Assert.Equal(1, _runs);
        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal(HandlingResult.Duplicate, await ExecuteAsync(host));
    }

    [Fact]
    public async Task Execute_CommitFailsUnderRetryingStrategy_RunsAgainAndCommitsOnce()
    {
        var failing = new FailingCommits();
        await using var host = await StartAsync(retrying: true, failing);
        failing.Remaining = 1;

        Assert.Equal(HandlingResult.Handled, await ExecuteAsync(host));

        Assert.Equal(2, _runs);
        Assert.Equal(["A"], await host.ReadOrdersAsync());
    }

    [Fact]
    public async Task Execute_CommitFailsWithoutRetry_LeavesNeitherClaimNorEffect()
    {
        var failing = new FailingCommits();
        await using var host = await StartAsync(retrying: false, failing);
        failing.Remaining = 1;

        await Assert.ThrowsAsync<TransientException>(() => ExecuteAsync(host));

        Assert.Empty(await host.ReadOrdersAsync());
        Assert.Equal(HandlingResult.Handled, await ExecuteAsync(host));
        Assert.Equal(["A"], await host.ReadOrdersAsync());
    }

    [Fact]
    public async Task Execute_HandlerFailsTransientlyUnderRetryingStrategy_CommitsTheSecondRunAlone()
    {
        await using var host = await StartAsync(retrying: true);

        Assert.Equal(HandlingResult.Handled, await ExecuteAsync(host, failures: 1));

        Assert.Equal(2, _runs);
        Assert.Equal(["A"], await host.ReadOrdersAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_HandlerSwallowsWhatBreaksItsTransaction_IsNotSaidToBeHandled(bool rollsBack)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await using var scope = host.CreateScope();
        var transaction = scope.ServiceProvider.GetRequiredService<IHandlerTransaction>();

        var exception = await Record.ExceptionAsync(async () => await transaction.ExecuteAsync(
            Claim,
            async (services, token) =>
            {
                var context = services.GetRequiredService<ShopContext>();
                context.Add(new Order { Number = "A" });
                await context.SaveChangesAsync(token);
                await (rollsBack ? context.Database.CurrentTransaction!.RollbackAsync(token) : FailAsync(context, token));
            },
            default));

        // Not every database gives a transaction up because of one statement.
        Assert.Equal(exception is null ? ["A"] : Array.Empty<string>(), await host.ReadOrdersAsync());
        Assert.Equal(exception is null ? HandlingResult.Duplicate : HandlingResult.Handled, await ExecuteAsync(host));
        Assert.True(exception is WebhookException || (exception is null && !rollsBack), exception?.ToString());

        static async Task FailAsync(ShopContext context, CancellationToken cancellationToken)
        {
            try
            {
                await context.Database.ExecuteSqlRawAsync("INSERT INTO nowhere VALUES (1)", cancellationToken);
            }
            catch (DbException)
            {
            }
        }
    }

    [Theory]
    [InlineData(ContextKind.Pooled)]
    [InlineData(ContextKind.Factory)]
    [InlineData(ContextKind.PooledFactory)]
    public async Task Execute_HowTheContextIsRegistered_HandlerAndClaimShareOneContext(ContextKind kind)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), kind);

        Assert.Equal(HandlingResult.Handled, await ExecuteAsync(host));

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal(HandlingResult.Duplicate, await ExecuteAsync(host));
    }

    [Fact]
    public async Task Execute_HandlerAppendsPastItsTransaction_IsRefusedAndPointedToPublishWebhook()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await using var scope = host.CreateScope();
        var services = scope.ServiceProvider;
        var message = services.GetRequiredService<MessageFactory>().Create(new OrderPaid(1, "A"));
        var afterwards = new TaskCompletionSource();
        Task? leftBehind = null;

        var exception = await Assert.ThrowsAsync<WebhookException>(async () => await services.GetRequiredService<IHandlerTransaction>().ExecuteAsync(
            Claim,
            async (_, token) =>
            {
                leftBehind = AppendLaterAsync();
                await services.GetRequiredService<IOutboxStore>().AppendAsync([message], token);
            },
            default));

        Assert.Contains("db.PublishWebhook", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await host.ReadMessagesAsync());
        afterwards.SetResult();
        await leftBehind!;
        Assert.Single(await host.ReadMessagesAsync());

        async Task AppendLaterAsync()
        {
            await afterwards.Task;
            await services.GetRequiredService<IOutboxStore>().AppendAsync([message], default);
        }
    }

    [Fact]
    public async Task Execute_HandlerPublishes_TheMessageCommitsWithItsClaimOrNotAtAll()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await using var scope = host.CreateScope();
        var transaction = scope.ServiceProvider.GetRequiredService<IHandlerTransaction>();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await transaction.ExecuteAsync(
            Claim,
            async (services, token) =>
            {
                await PublishAsync(services, token);
                throw new InvalidOperationException("no stock");
            },
            default));
        Assert.Empty(await host.ReadMessagesAsync());

        Assert.Equal(HandlingResult.Handled, await transaction.ExecuteAsync(Claim, PublishAsync, default));
        Assert.Equal(HandlingResult.Duplicate, await transaction.ExecuteAsync(Claim, PublishAsync, default));
        Assert.Equal("A", Assert.Single(await host.ReadMessagesAsync()).Number);

        static async Task PublishAsync(IServiceProvider services, CancellationToken cancellationToken) =>
            await services.GetRequiredService<IHandlerPublisher>().PublishRawAsync(
                new RawEvent("order.paid", """{"data":{"orderId":1,"number":"A"}}"""u8.ToArray()), new PublishOptions { TenantId = "acme" }, cancellationToken);
    }

    private async Task<CaptureHost> StartAsync(bool retrying, params IInterceptor[] interceptors) =>
        await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options =>
        {
            options.AddInterceptors(interceptors);
            if (retrying)
            {
                options.ReplaceService<IExecutionStrategyFactory, RetryingStrategyFactory>();
            }
        });

    private async Task<HandlingResult> ExecuteAsync(CaptureHost host, int failures = 0)
    {
        await using var scope = host.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<IHandlerTransaction>().ExecuteAsync(
            Claim,
            (services, _) =>
            {
                services.GetRequiredService<ShopContext>().Orders.Add(new Order { Number = "A" });
                return ++_runs > failures ? Task.CompletedTask : throw new TransientException();
            },
            default);
    }

    /// <summary>Lets commits happen, and loses their answers.</summary>
    private sealed class LostAnswers : DbTransactionInterceptor
    {
        public int Remaining { get; set; }

        public override Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
            Remaining-- <= 0 ? Task.CompletedTask : throw new TransientException();
    }
}
