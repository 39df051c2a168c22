using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>Finds client certificates: the host's own source first, then those it has named, then those of the configuration. Thread-safe.</summary>
internal sealed class ClientCertificates
{
    private readonly Dictionary<string, Func<ClientCertificate?>> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _errors = [];
    private readonly IClientCertificateSource? _source;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<CertificateFile> _logger;

    public ClientCertificates(
        IEnumerable<NamedCertificate> named,
        TimeProvider timeProvider,
        ILogger<CertificateFile> logger,
        IClientCertificateSource? source = null,
        IConfiguration? configuration = null)
    {
        (_source, _timeProvider, _logger) = (source, timeProvider, logger);
        foreach (var section in configuration?.GetSection(SenderDefaults.ClientCertificatesSection).GetChildren() ?? [])
        {
            Add(section);
        }

        foreach (var certificate in named)
        {
            _named[certificate.Name] = certificate.Find;
        }
    }

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Whether any name may lead to a certificate.</summary>
    public bool IsAnyKnown => _source is not null || _named.Count > 0;

    /// <summary>Whether a name may lead to a certificate.</summary>
    public bool Knows(string name) => _source is not null || _named.ContainsKey(name);

    /// <summary>Finds a certificate, or says why it cannot be shown.</summary>
    public async ValueTask<(ClientCertificate? Certificate, string? Error)> FindAsync(
        ClientCertificateRequest request, CancellationToken cancellationToken)
    {
        ClientCertificate? found;
        try
        {
            found = _source is null ? null : await _source.FindAsync(request, cancellationToken).ConfigureAwait(false);
            found ??= _named.GetValueOrDefault(request.Name)?.Invoke();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.ClientCertificateUnreadable(exception, request.Name);
            return (null, $"The client certificate '{request.Name}' could not be read.");
        }

        var error = found is null ? $"The client certificate '{request.Name}' is not to be had."
            : !found.Certificate.HasPrivateKey ? $"The client certificate '{request.Name}' has no private key."
            : found.Certificate.NotAfter.ToUniversalTime() < _timeProvider.GetUtcNow() ? $"The client certificate '{request.Name}' has expired."
            : null;
        return (error is null ? found : null, error);
    }

    private void Add(IConfigurationSection section)
    {
        if (section["Path"] is not { Length: > 0 } path)
        {
            _errors.Add($"The client certificate '{section.Key}' has no file: set {section.Path}:Path to one in PEM (with KeyPath beside it, where the "
                + "key has its own file) or PKCS #12, and Password where it needs one.");
            return;
        }

        var file = new CertificateFile(section.Key, path, section["KeyPath"], section["Password"], _timeProvider, _logger);
        _named[section.Key] = file.Find;
    }
}
