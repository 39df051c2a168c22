using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>Contexts kept from one call to the next.</summary>
public sealed class KeptContextsTests : IAsyncDisposable
{
    private readonly KeptContexts _kept = new();
    private readonly ServiceProvider _services =
        new ServiceCollection().AddDbContext<DbContext>(options => options.UseSqlite("Data Source=:memory:")).BuildServiceProvider();

    public async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Take_AfterOneWasKept_GivesItWithItsConnectionOpenAndOnlyOnce()
    {
        var open = NewContext();

        Assert.True(await _kept.TryKeepAsync(open));

        Assert.Same(open, _kept.Take());
        Assert.Equal(ConnectionState.Open, open.Context.Database.GetDbConnection().State);
        Assert.Null(_kept.Take());
        await open.DisposeAsync();
    }

    [Fact]
    public async Task TryKeepAsync_OldContext_LeavesItToTheCaller()
    {
        await using var open = NewContext();
        await Task.Delay(KeptContexts.MaxAge * 2);

        Assert.False(await _kept.TryKeepAsync(open));

        Assert.Null(_kept.Take());
    }

    [Fact]
    public async Task TryKeepAsync_ConnectionCannotBeOpened_LeavesItToTheCallerWithoutAnError()
    {
        await using var services = new ServiceCollection()
            .AddDbContext<DbContext>(options => options.UseSqlite("Data Source=/nowhere/missing.db"))
            .BuildServiceProvider();
        await using var open = NewContext(services);

        Assert.False(await _kept.TryKeepAsync(open));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_ContextIsKept_ClosesItsConnection(bool isAsync)
    {
        var open = NewContext();
        var connection = open.Context.Database.GetDbConnection();
        await _kept.TryKeepAsync(open);

        if (isAsync)
        {
            await _kept.DisposeAsync();
        }
        else
        {
            _kept.Dispose();
        }

        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    private OpenContext NewContext() => NewContext(_services);

    private static OpenContext NewContext(ServiceProvider services)
    {
        var scope = services.CreateAsyncScope();
        return new OpenContext(scope, scope.ServiceProvider.GetRequiredService<DbContext>());
    }
}
