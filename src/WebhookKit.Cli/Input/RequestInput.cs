using System.CommandLine;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Input;

/// <summary>A request, as options describe it.</summary>
internal sealed class RequestInput
{
    private readonly Option<string> _body = new("--body")
    {
        Description = "The file that holds the exact bytes of the body; '-' for standard input.",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header line, such as 'webhook-id: msg_1'." };

    private readonly Option<string> _method = new("--method") { Description = "The HTTP method.", DefaultValueFactory = _ => "POST" };

    private readonly Option<string?> _url = new("--url") { Description = "The URL that was called, for providers that sign it." };

    private readonly Option<string[]> _settings = new("--setting")
    {
        Description = "What a provider needs beside secrets, such as 'WebhookId=8PT597110X687430LKGECATA'.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_body);
        command.Options.Add(_headers);
        command.Options.Add(_method);
        command.Options.Add(_url);
        AddSettingsTo(command);
    }

    public void AddSettingsTo(Command command) => command.Options.Add(_settings);

    public async Task<WebhookRequest> ReadAsync(ParseResult parsed, CliHost host, CancellationToken cancellationToken) => new(
        parsed.GetValue(_method)!,
        parsed.GetValue(_url),
        WebhookHeaders.Create(ReadHeaders(parsed)),
        await ReadBodyAsync(parsed.GetValue(_body)!, host, cancellationToken).ConfigureAwait(false));

    public IReadOnlyList<KeyValuePair<string, string>> ReadHeaders(ParseResult parsed) =>
        [.. (parsed.GetValue(_headers) ?? []).Select(line => Split(line, ':', "--header", "'name: value'"))];

    public IReadOnlyDictionary<string, string> ReadSettings(ParseResult parsed, WebhookProvider provider)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in (parsed.GetValue(_settings) ?? []).Select(text => Split(text, '=', "--setting", "'name=value'")))
        {
            settings[name] = value;
        }

        var missing = provider.Settings.FirstOrDefault(setting => setting.IsRequired && !settings.ContainsKey(setting.Name));
        return missing is null
            ? settings
            : throw new UsageException($"'{provider.Name}' needs --setting '{missing.Name}=…'. {missing.Description}");
    }

    private static KeyValuePair<string, string> Split(string text, char separator, string option, string form)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at > 0
            ? new(text[..at].Trim(), text[(at + 1)..].Trim())
            : throw new UsageException($"'{text}' is not the {form} that {option} wants.");
    }

    private static async Task<byte[]> ReadBodyAsync(string file, CliHost host, CancellationToken cancellationToken)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        }

        var input = host.OpenInput();
        await using (input.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            await input.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes.ToArray();
        }
    }
}
