using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Testing;

namespace WebhookKit.AspNetCore.Tests.Hosting;

/// <summary>What a test changes about its <see cref="ReceiverHost"/>.</summary>
internal sealed class ReceiverSetup
{
    /// <summary>What the clock says when a host starts.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public WebhookSecret Secret { get; set; } = WebhookSecret.Generate();

    public FakeTimeProvider Clock { get; } = new(Start);

    public RecordingLog Log { get; set; } = new();

    public FakeHandlerTransaction Store { get; } = new();

    public ReloadableConfiguration Configuration { get; set; } = new();

    public bool HasStore { get; set; } = true;

    public Action<IServiceCollection> ConfigureServices { get; set; } = _ => { };

    public Action<WebApplication> Map { get; set; } = app => app.MapWebhookReceiver();
}
