using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>Changes the sender's options while it runs, as a reloaded configuration does.</summary>
internal sealed class ChangingOptions : IOptionsChangeTokenSource<SenderOptions>
{
    private Action<SenderOptions> _configure = _ => { };
    private CancellationTokenSource _change = new();

    public string? Name => Options.DefaultName;

    public void Attach(SenderBuilder sender)
    {
        sender.Configure(options => _configure(options));
        sender.Services.AddSingleton<IOptionsChangeTokenSource<SenderOptions>>(this);
    }

    public IChangeToken GetChangeToken() => new CancellationChangeToken(_change.Token);

    public void Apply(Action<SenderOptions> configure)
    {
        _configure = configure;
        Interlocked.Exchange(ref _change, new CancellationTokenSource()).Cancel();
    }
}
