namespace WebhookKit.Cli.Listening;

/// <summary>Shows requests to a person or to a program.</summary>
internal interface IRequestPrinter
{
    Task PrintListeningAsync(string url);

    Task PrintAsync(SeenRequest seen);
}
