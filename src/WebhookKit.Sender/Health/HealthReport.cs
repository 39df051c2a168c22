using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WebhookKit.Health;

/// <summary>Collects what a check finds; the worst of it is the verdict.</summary>
internal sealed class HealthReport
{
    private readonly Dictionary<string, object> _data = [];
    private readonly List<string> _findings = [];
    private HealthStatus _status = HealthStatus.Healthy;

    public void Add(string name, string value) => _data[name] = value;

    public void Add(string name, TimeSpan value) => _data[name] = Math.Round(value.TotalSeconds, 3);

    public void Find(HealthStatus status, string finding)
    {
        _findings.Add(finding);
        _status = status < _status ? status : _status;
    }

    /// <param name="failureStatus">What the host wants to call unhealthy.</param>
    public HealthCheckResult ToResult(HealthStatus failureStatus) => new(
        _status == HealthStatus.Unhealthy ? failureStatus : _status, _findings.Count == 0 ? null : string.Join(' ', _findings), data: _data);
}
