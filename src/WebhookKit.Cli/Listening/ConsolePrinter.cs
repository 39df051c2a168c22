using Spectre.Console;

namespace WebhookKit.Cli.Listening;

/// <summary>A paragraph per request, in color where the terminal has it.</summary>
internal sealed class ConsolePrinter : IRequestPrinter
{
    private readonly TextWriter _output;
    private readonly IAnsiConsole _console;
    private readonly SafeText _safe;

    public ConsolePrinter(TextWriter output, IReadOnlyList<string> secrets)
    {
        _output = output;
        _safe = new SafeText(secrets);
        var isTerminal = output == Console.Out && !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });

        // A header must not be broken into two lines.
        _console.Profile.Width = int.MaxValue / 2;
    }

    public Task PrintListeningAsync(string url)
    {
        _console.MarkupLineInterpolated($"listening on [bold]{url}[/], any path; Ctrl+C ends it");
        return _output.FlushAsync();
    }

    public Task PrintAsync(SeenRequest seen)
    {
        _console.MarkupLineInterpolated($"[bold]{_safe.Of(seen.Request.Method)} {_safe.Of(seen.Request.Url ?? "")}[/]");
        foreach (var (name, value) in seen.Headers)
        {
            _console.MarkupLineInterpolated($"[grey]{_safe.Of(name)}: {_safe.Of(value)}[/]");
        }

        if (seen.Request.Body.Length > 0)
        {
            _console.WriteLine(_safe.OfBody(seen.Request.Body));
        }

        if (seen.Verdict is { } verdict)
        {
            _console.MarkupLine($"[{(verdict.IsAccepted ? "green" : "red")}]{Markup.Escape(verdict.Reason)}[/]");
        }

        _console.MarkupLineInterpolated($"answered {seen.StatusCode}");
        _console.WriteLine();
        return _output.FlushAsync();
    }
}
