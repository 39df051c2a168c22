using WebhookKit.Endpoints.Authorization;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Endpoints.Authorization;

public sealed class AccessTokenSourceTests
{
    private static readonly ClientCredentialsAuthorization Client =
        EndpointAuthorization.ClientCredentials("https://login.example/token", "client", "secret");

    private readonly FakeTimeProvider _clock = new();
    private int _asked;
    private Func<int, Task<AccessToken>> _answer = number => Task.FromResult(new AccessToken($"Bearer {number}", TimeSpan.FromHours(1)));

    [Fact]
    public async Task Get_ManyAtOnce_AsksOnce()
    {
        var opened = new TaskCompletionSource();
        _answer = async number =>
        {
            await opened.Task;
            return new AccessToken($"Bearer {number}", TimeSpan.FromHours(1));
        };
        var source = NewSource();

        var waiting = Enumerable.Range(0, 50).Select(_ => source.GetAsync(null, default).AsTask()).ToArray();
        opened.SetResult();

        Assert.Equal(["Bearer 1"], (await Task.WhenAll(waiting)).Select(token => token.Header!).Distinct());
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData(3600, 3539, 3540)]
    [InlineData(10, 7, 8)]
    [InlineData(0, 0, 0)]
    public async Task Get_TokenAboutToExpire_AsksAgain(int lifetime, int still, int noMore)
    {
        _answer = number => Task.FromResult(new AccessToken($"Bearer {number}", TimeSpan.FromSeconds(lifetime)));
        var source = NewSource();
        await source.GetAsync(null, default);

        _clock.Advance(TimeSpan.FromSeconds(still));
        if (still < noMore)
        {
            Assert.Equal("Bearer 1", (await source.GetAsync(null, default)).Header);
        }

        _clock.Advance(TimeSpan.FromSeconds(noMore - still));
        Assert.Equal("Bearer 2", (await source.GetAsync(null, default)).Header);
    }

    [Fact]
    public async Task Get_TokenWasRefused_AsksOnceForAllWhomItWasRefused()
    {
        var source = NewSource();
        var refused = await source.GetAsync(null, default);

        var renewed = await source.GetAsync(refused, default);
        Assert.Equal("Bearer 2", renewed.Header);
        Assert.Same(renewed, await source.GetAsync(refused, default));
        Assert.Same(renewed, await source.GetAsync(null, default));
    }

    [Fact]
    public async Task Get_Failure_IsForThoseWhoWaitedAndNotKept()
    {
        _answer = number => Task.FromResult(number == 1 ? AccessToken.Failed("No.") : new AccessToken("Bearer 2", TimeSpan.FromHours(1)));
        var source = NewSource();

        Assert.Equal("No.", (await source.GetAsync(null, default)).Error);
        Assert.Equal("Bearer 2", (await source.GetAsync(null, default)).Header);
    }

    [Fact]
    public async Task Get_RequestThrows_IsAskedAgain()
    {
        _answer = number => number == 1 ? throw new InvalidOperationException("Broken.") : Task.FromResult(new AccessToken("Bearer 2", TimeSpan.FromHours(1)));
        var source = NewSource();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await source.GetAsync(null, default));
        Assert.Equal("Bearer 2", (await source.GetAsync(null, default)).Header);
    }

    [Fact]
    public async Task Get_OneStopsWaiting_DisturbsNobodyElse()
    {
        var opened = new TaskCompletionSource();
        _answer = async number =>
        {
            await opened.Task;
            return new AccessToken($"Bearer {number}", TimeSpan.FromHours(1));
        };
        var source = NewSource();
        using var gaveUp = new CancellationTokenSource();

        var first = source.GetAsync(null, gaveUp.Token).AsTask();
        var second = source.GetAsync(null, default).AsTask();
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        opened.SetResult();

        Assert.Equal("Bearer 1", (await second).Header);
    }

    private AccessTokenSource NewSource() => new(Client, _ => _answer(Interlocked.Increment(ref _asked)), _clock);
}
