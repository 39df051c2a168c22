using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Endpoints;

namespace WebhookKit.Sender.Tests.Endpoints;

public sealed class TenantPoliciesTests : IDisposable
{
    private static readonly EndpointPolicy Policy = new() { MaxInFlight = 4, Rate = EndpointRate.PerSecond(7) };

    private readonly RecordingLogger _log = new();
    private readonly LoggerFactory _loggers = new();
    private Func<string?, EndpointPolicy?> _find = _ => throw new InvalidTimeZoneException("who?");

    public TenantPoliciesTests() => _loggers.AddProvider(_log);

    public void Dispose() => _loggers.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("acme")]
    public void Find_HostThrows_GivesWhatItSaidLastOfThisTenantAndTellsItOnceUntilItAnswers(string? tenant)
    {
        var policies = Create();
        var find = _find;

        Assert.Null(policies.Find(tenant, out var failure));
        Assert.IsType<InvalidTimeZoneException>(failure);
        _find = _ => Policy;
        Assert.Same(Policy, policies.Find(tenant, out failure));
        Assert.Null(failure);
        _find = find;
        Assert.Same(Policy, policies.Find(tenant, out failure));
        Assert.Null(failure);
        Assert.Null(policies.Find("another", out failure));
        Assert.NotNull(failure);
        Assert.Same(Policy, policies.Find(tenant, out _));

        Assert.Equal(3, _log.Count("PolicyFailed"));
    }

    [Fact]
    public void Find_HostSaidThatThereIsNone_ThatHolds()
    {
        var policies = Create();
        var find = _find;
        _find = _ => Policy;
        _ = policies.Find("acme", out _);
        _find = _ => null;
        _ = policies.Find("acme", out _);
        _find = find;

        Assert.Null(policies.Find("acme", out var failure));
        Assert.Null(failure);
    }

    [Fact]
    public void Find_ManyTenants_RemembersABoundedNumber()
    {
        var policies = Create();
        var find = _find;
        _find = _ => Policy;
        for (var tenant = 0; tenant <= 10_000; tenant++)
        {
            _ = policies.Find($"{tenant}", out _);
        }

        _find = find;

        Assert.Null(policies.Find("0", out var failure));
        Assert.NotNull(failure);
        Assert.Same(Policy, policies.Find("10000", out _));
    }

    [Fact]
    public void EndpointPolicies_PolicyNeverSaid_NothingIsGuessedThatAReceiverWouldMistake()
    {
        var options = new SenderOptions();
        var policies = new EndpointPolicies(Options.Create(options), [], [], Create());
        var endpoint = new WebhookEndpoint
        {
            Id = EndpointId.Declared("acme", "one"),
            TenantId = "acme",
            Name = "one",
            Url = "https://one.example",
            EventTypes = ["*"],
            Rate = EndpointRate.PerSecond(7),
        };

        Assert.Equal(EndpointRate.PerSecond(7), policies.RateOf(endpoint));
        Assert.Same(options.RetrySchedule, policies.RetryScheduleOf(endpoint));
        Assert.Equal(options.AttemptTimeout, policies.AttemptTimeoutOf(endpoint));
        Assert.Null(policies.MaxInFlightOf(endpoint));
        Assert.True(policies.TryFindFormatName(endpoint, out var format));
        Assert.Null(format);
        Assert.Throws<InvalidOperationException>(() => policies.Of(endpoint));
        Assert.False(policies.TryFindCertificateName(endpoint, out _));
        Assert.Throws<InvalidOperationException>(() => policies.RateOf("acme", EndpointPolicy.Default));
        var own = endpoint with { Policy = Policy with { ClientCertificate = "bank" } };
        Assert.True(policies.TryFindCertificateName(own, out var certificate));
        Assert.Equal(("bank", 4), (certificate, policies.MaxInFlightOf(own)));
    }

    private TenantPolicies Create() =>
        new(_loggers.CreateLogger<TenantPolicies>(), new TenantPolicySource(tenant => _find(tenant)));
}
