fn main() -> Result<(), Box<dyn std::error::Error>> {
    let protos: Vec<_> = std::fs::read_dir("proto/onduty/v1")?.map(|entry| entry.unwrap().path()).collect();
    tonic_prost_build::configure().compile_protos(&protos, &["proto".into()])?;
    Ok(())
}
