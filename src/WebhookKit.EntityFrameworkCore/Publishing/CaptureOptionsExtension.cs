using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Identifiers;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Wires a context for capture, whichever way it is registered: the application's singletons travel in its options.</summary>
internal sealed class CaptureOptionsExtension(
    MessageFactory messages, IdGenerator ids, DispatchSignal signal, WriterTurns turns) : IDbContextOptionsExtension
{
    private DbContextOptionsExtensionInfo? _info;

    public MessageFactory Messages => messages;

    public IdGenerator Ids => ids;

    public DispatchSignal Signal => signal;

    public HostWriters Hosts => turns.Hosts;

    public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

    public void ApplyServices(IServiceCollection services)
    {
        services.AddScoped<MessageCapture>();
        services.AddScoped<IResettableService>(provider => provider.GetRequiredService<MessageCapture>());
    }

    public void Validate(IDbContextOptions options)
    {
    }

    // What differs between applications is in the options, not in the services: every application may share EF's internal provider.
    private sealed class ExtensionInfo(IDbContextOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
        {
        }
    }
}
