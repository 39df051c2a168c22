using System.CommandLine;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Input;

/// <summary>Secrets and keys, from where nobody looks over a shoulder: a variable or a file as well as an argument.</summary>
internal sealed class SecretInput
{
    private readonly Option<string[]> _texts = new("--secret")
    {
        Description = "A secret or key; shows up in the shell's history, so prefer the two below.",
    };

    private readonly Option<string[]> _variables = new("--secret-env") { Description = "An environment variable that holds a secret or key." };

    private readonly Option<string[]> _files = new("--secret-file") { Description = "A file that holds one secret or key; a line break at its end is left out." };

    public void AddTo(Command command)
    {
        command.Options.Add(_texts);
        command.Options.Add(_variables);
        command.Options.Add(_files);
    }

    /// <summary>Reads them in the order argument, variable, file.</summary>
    public async Task<string[]> ReadAsync(ParseResult parsed, CliHost host, CancellationToken cancellationToken)
    {
        var secrets = new List<string>(parsed.GetValue(_texts) ?? []);
        foreach (var name in parsed.GetValue(_variables) ?? [])
        {
            secrets.Add(host.GetVariable(name) is { Length: > 0 } value
                ? value
                : throw new UsageException($"The environment variable '{name}' is empty or not set."));
        }

        foreach (var file in parsed.GetValue(_files) ?? [])
        {
            secrets.Add((await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).TrimEnd('\r', '\n'));
        }

        return [.. secrets];
    }

    /// <summary>Reads them, and refuses those that the provider cannot have given out.</summary>
    public async Task<string[]> ReadAsync(ParseResult parsed, CliHost host, WebhookProvider provider, CancellationToken cancellationToken)
    {
        var secrets = await ReadAsync(parsed, host, cancellationToken).ConfigureAwait(false);
        if (secrets.Length == 0 && provider.RequiresSecret)
        {
            throw new UsageException($"'{provider.Name}' needs a secret: give --secret-env, --secret-file or --secret.");
        }

        foreach (var secret in secrets)
        {
            if (provider.ValidateSecret(secret) is { } error)
            {
                throw new UsageException(error);
            }
        }

        return secrets;
    }
}
