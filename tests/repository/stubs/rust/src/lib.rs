//! The stubs that tonic makes of the contract.

pub mod google {
    pub mod rpc {
        tonic::include_proto!("google.rpc");
    }
}

pub mod onduty {
    pub mod v1 {
        tonic::include_proto!("onduty.v1");
    }
}

/// A call as a service in Rust would make it.
pub async fn busy(address: &'static str) -> Result<i64, Box<dyn std::error::Error>> {
    use onduty::v1::{workspace_service_client::WorkspaceServiceClient, ChangeStatusRequest, Status, StatusChoice};
    let mut client = WorkspaceServiceClient::connect(address).await?;
    let choice = StatusChoice { status: Status::Busy.into(), ..Default::default() };
    let request = ChangeStatusRequest { staff_id: "ana".into(), choice: Some(choice), ..Default::default() };
    Ok(client.change_status(request).await?.into_inner().staff.map_or(0, |staff| staff.revision))
}
